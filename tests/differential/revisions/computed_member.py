from project import names
revision = "a1"
down_revision = None
branch_labels = (names.EXPAND,)
