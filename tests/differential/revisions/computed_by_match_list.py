revision = "a1"
down_revision = "b2"
match ["c3", 1]:
    case [down_revision, *rest]: pass
