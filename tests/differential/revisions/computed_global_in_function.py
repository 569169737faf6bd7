revision = "a1"
down_revision = "b2"
def f():
    global down_revision
    down_revision = "c3"
f()
