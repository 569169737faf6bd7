revision = "a1"
down_revision = [x for x in ("b2", "c3")]
