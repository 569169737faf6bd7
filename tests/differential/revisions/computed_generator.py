revision = "a1"
down_revision = tuple(x for x in ("b2",))
