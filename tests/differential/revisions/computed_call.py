revision = "a1"
down_revision = str("b2")
