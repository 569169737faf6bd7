revision = "a1"
down_revision = "b2"
x = {"a": lambda: 1, **{}}
y = x["a"]()
while (lambda: 0)(): pass
