revision = "aé1"
down_revision = "😀"
