revision = "a1"
down_revision = "b2"
def f(**k): return lambda g: g
@f(revision="x")
def upgrade(): pass
