revision = "a1"
down_revision = "b2"
def f(revision="x"):
    down_revision = revision
    revision = "y"
    return [revision for revision in down_revision]
