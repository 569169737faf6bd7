revision = "a1"
down_revision = "b2"
match "c3":
    case down_revision:
        pass
