revision = "a1"
down_revision = False
