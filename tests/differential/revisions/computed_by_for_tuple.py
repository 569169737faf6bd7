revision = "a1"
down_revision = "b2"
for x, (y, down_revision) in ((1, (2, "c3")),):
    pass
