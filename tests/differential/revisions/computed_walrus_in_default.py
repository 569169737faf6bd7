revision = "a1"
down_revision = "b2"
def f(x=(down_revision := "c3")): pass
