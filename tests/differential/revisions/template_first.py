"""first

Revision ID: a1
Revises: 
Create Date: 2024-03-01 12:30:05.123456

"""
revision = "a1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
