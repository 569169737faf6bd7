revision = "a1"
down_revision = "b2"
def f(*a, b, **k): return [*a, {**k}]
def g(a, /, b, *, c): pass
