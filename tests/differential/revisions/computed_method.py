revision = "a1"
down_revision = "B2".lower()
