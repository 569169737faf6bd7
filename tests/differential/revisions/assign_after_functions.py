def upgrade():
    revision = 5


def downgrade():
    pass


revision = "a1"
down_revision = "b2"
