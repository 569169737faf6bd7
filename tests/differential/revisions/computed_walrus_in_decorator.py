revision = "a1"
down_revision = "b2"
@(down_revision := lambda f: f)
def upgrade(): pass
down = 1
