"add users".strip()
revision = "a1"
down_revision = "b2"
