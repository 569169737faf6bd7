try:
    from project.names import thing
except ImportError:
    thing = None
revision = "a1"
down_revision = "b2"
