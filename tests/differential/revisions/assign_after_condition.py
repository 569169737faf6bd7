if True:
    revision = "x"
    down_revision = "y"
revision = "a1"
down_revision = "b2"
