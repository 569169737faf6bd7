revision = "a1"
down_revision = "b2"
x = [down_revision := y for y in ("c3",)]
