revision = "a1"
x = down_revision = ["b2"]
x.append("c3")
