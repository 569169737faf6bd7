"""old

Revision ID: a1
Revises: b2
Create Date: 2012-03-01 12:30:05

"""

# revision identifiers, used by Alembic.
revision = 'a1'
down_revision = 'b2'

from alembic import op
import sqlalchemy as sa


def upgrade():
    pass


def downgrade():
    pass
