revision = "a1"
down_revision = "b2"
def depends_on(): pass
