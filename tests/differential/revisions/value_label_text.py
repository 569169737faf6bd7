revision = "a1"
down_revision = None
branch_labels = "x"
depends_on = ["c3", "d4"]
