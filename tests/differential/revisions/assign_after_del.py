revision = "x"
del revision
revision = "a1"
down_revision = "b2"
