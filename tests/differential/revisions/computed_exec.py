revision = "a1"
down_revision = "b2"
exec("down_revision = 'c3'")
