type Names = list[str]
revision = "a1"
down_revision = "b2"
