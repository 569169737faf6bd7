revision = "a1"
down_revision = "b2"
for x in ("c3",):
    down_revision = x
