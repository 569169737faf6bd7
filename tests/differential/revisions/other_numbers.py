x = [1_000, 0xff, 0b1, 0o7, 1e5, 1.5j, .5, 5., 00, 1if 1 else 2] if False else 0xfor 1
revision = "a1"
down_revision = "b2"
