revision = "a1"
down_revision = "b2"
if False:
    pass
else:
    down_revision = "c3"
