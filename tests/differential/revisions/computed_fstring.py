n = 2
revision = "a1"
down_revision = f"b{n}"
