revision = "a1"
*down_revision, x = "b2", "c3", 1
