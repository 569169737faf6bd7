revision = "a1"
down_revision = "b2"
match "c3":
    case str() as down_revision: pass
