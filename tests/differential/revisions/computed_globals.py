revision = "a1"
down_revision = "b2"
globals()["down_revision"] = "c3"
