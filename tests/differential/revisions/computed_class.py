revision = "a1"
down_revision = "b2"
class depends_on: pass
