revision = "a1"
down_revision = "b2"
while True:
    down_revision = "c3"
    break
