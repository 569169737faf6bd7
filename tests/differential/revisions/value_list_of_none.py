revision = "a1"
down_revision = [None]
depends_on = [None]
