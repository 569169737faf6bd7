revision = "a1"
down_revision = "b2"

def upgrade():
    pass

def downgrade():
    raise NotImplementedError("no way back")
