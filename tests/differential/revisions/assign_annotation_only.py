revision = "a1"
down_revision = "b2"
branch_labels: str
depends_on: str | None
