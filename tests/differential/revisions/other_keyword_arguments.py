revision = "a1"
down_revision = "b2"
def f(**names): pass
f(revision="x", down_revision=("y",))
dict(
    depends_on = "c3",
)
