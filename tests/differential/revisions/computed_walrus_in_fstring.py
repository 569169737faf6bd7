revision = "a1"
down_revision = "b2"
x = f"{(down_revision := 'c3')}"
