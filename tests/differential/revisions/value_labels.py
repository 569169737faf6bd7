revision = "a1"
down_revision = None
branch_labels = ("x", "y")
depends_on = "c3"
