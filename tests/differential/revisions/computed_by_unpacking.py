revision, down_revision = "a1", "b2"
