revision = "a1"
down_revision = "b2"
def f[T: int](x: T) -> T: return x
class A[T]: pass
