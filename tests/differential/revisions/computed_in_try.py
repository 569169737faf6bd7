revision = "a1"
down_revision = "b2"
try:
    import project.missing
    depends_on = "c3"
except ImportError:
    depends_on = None
