revision = "a1"
down_revision = "b2"
depends_on = "c3"
del depends_on
