revision = "a1"
down_revision = "b2"
for down_revision in ("c3",): pass
