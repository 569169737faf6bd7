revision = "a1"
down_revision = "b2"
class Names: revision = "x"; depends_on = "y"
