revision = __revision__ = down_revision = "a1"
down_revision = "b2"
