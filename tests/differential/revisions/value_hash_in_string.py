revision = "a#1"  # the "id"
down_revision = "#"
