revision = "a\x1"
down_revision = None
