revision = "a1"
down_revision = b"b2"
