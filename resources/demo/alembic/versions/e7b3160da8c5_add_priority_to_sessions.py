"""Add priority to sessions

Revision ID: e7b3160da8c5
Revises: 5409fbe7d236
Create Date: 2026-03-17 13:01:50.720943

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e7b3160da8c5'
down_revision: Union[str, None] = '5409fbe7d236'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("priority", sa.SmallInteger(), nullable=True))
    op.execute("UPDATE sessions SET priority = 10")
    op.alter_column("sessions", "priority", server_default=sa.text("10"))


def downgrade() -> None:
    op.drop_column("sessions", "priority")
