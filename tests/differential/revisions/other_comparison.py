revision = "a1"
down_revision = "b2"
x = revision == "x"
assert down_revision != "y"
