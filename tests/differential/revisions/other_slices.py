revision = "a1"
down_revision = "b2"
x = [1, 2, 3]
y = x[1:], x[:-1], x[::2], x[...] if 0 else 1
