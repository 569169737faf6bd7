revision = "a1"
down_revision = "b2"
type depends_on = int
