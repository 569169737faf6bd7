revision = True
down_revision = None
