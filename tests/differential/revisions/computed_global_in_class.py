revision = "a1"
down_revision = "b2"
class A:
    global down_revision
    down_revision = "c3"
