revision = "a1"
down_revision = "b2"
vars()["down_revision"] = "c3"
