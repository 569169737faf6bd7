revision = "a1"
down_revision = "b2"
match 1:
    case 1: down_revision = "c3"
