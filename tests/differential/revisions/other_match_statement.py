revision = "a1"
down_revision = "b2"
match 1:
    case 1 | 2 if True:
        x = 5
    case {"a": b, **rest}: pass
    case _:
        pass
