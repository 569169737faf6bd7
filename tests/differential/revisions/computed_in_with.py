revision = "a1"
down_revision = "b2"
with open(__file__):
    down_revision = "c3"
