parent = "b2"
revision = "a1"
down_revision = parent
