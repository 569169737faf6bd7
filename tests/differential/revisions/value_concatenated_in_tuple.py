revision = "a1"
down_revision = ("b" "2", "c" "3")
