for revision in ("x", "y"):
    pass
with open(__file__) as down_revision:
    pass
revision = "a1"
down_revision = "b2"
