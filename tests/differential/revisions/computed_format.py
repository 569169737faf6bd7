revision = "a1"
down_revision = "b%d" % 2
