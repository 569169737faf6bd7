revision: str = "a1"
down_revision: "str | None" = "b2"
branch_labels: str | None = None
depends_on: None = None
