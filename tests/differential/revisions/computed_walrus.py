revision = "a1"
down_revision = "b2"
x = (down_revision := "c3")
