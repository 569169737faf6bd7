revision = "a1"
down_revision = "b2"
x = 1
x += 1; x **= 2; x //= 2; x >>= 1; x <<= 1; x ^= 1
y = x if x != 2 else ~x
