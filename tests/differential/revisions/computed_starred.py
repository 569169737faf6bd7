more = ("c3",)
revision = "a1"
down_revision = ("b2", *more)
