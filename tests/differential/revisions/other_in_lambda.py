revision = "a1"
down_revision = "b2"
f = lambda revision="x", down_revision=None: revision
