revision = "a1"
[down_revision, x] = "b2", 1
