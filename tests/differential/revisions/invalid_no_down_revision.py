revision = "a1"
