revision = "a1"
down_revision = "b2"
if (n := 5) > 3:
    pass
x = [m := 1, m ** 2]
