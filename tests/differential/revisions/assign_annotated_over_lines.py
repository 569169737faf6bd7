revision: str = "a1"
down_revision: dict[
    str, tuple[int, ...]
] = "b2"
