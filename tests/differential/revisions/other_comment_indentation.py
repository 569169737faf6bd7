revision = "a1"
down_revision = "b2"
def upgrade():
    pass
  # a comment that is indented less
        # and more
    pass
