revision = "a1"
down_revision = "b2"
x = {}
x["revision"] = "y"
x[revision] = "z"
