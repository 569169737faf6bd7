revision = "a1"
down_revision = "b2"
x = 1 ? 2 : 3
