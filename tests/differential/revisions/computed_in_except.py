revision = "a1"
down_revision = "b2"
try:
    import project.missing
except ImportError:
    depends_on = "c3"
