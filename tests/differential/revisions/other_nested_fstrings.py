revision = "a1"
down_revision = "b2"
x = f"{'a'!r:>{10}} {{revision}} {f'{1 + 1}'} {"""b"""}"
y = f'{H if (H := 1) else {"a": 2}["a"]}'
