revision = "a1"
down_revision = []
depends_on = []
