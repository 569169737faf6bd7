a, (b, *c) = 1, (2, 3, 4)
[d] = [5]
revision = "a1"
down_revision = "b2"
