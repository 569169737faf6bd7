a = revision = "a1"
down_revision = parent = "b2"
