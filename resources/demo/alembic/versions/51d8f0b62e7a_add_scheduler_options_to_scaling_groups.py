"""Add scheduler options to scaling groups

Revision ID: 51d8f0b62e7a
Revises: 7ce9153fa04b
Create Date: 2025-06-17 17:22:35.077214

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '51d8f0b62e7a'
down_revision: Union[str, None] = '7ce9153fa04b'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("scaling_groups", sa.Column("scheduler", sa.String(length=64), server_default="fifo", nullable=False))
    op.add_column(
        "scaling_groups",
        sa.Column("scheduler_opts", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
    )
    op.execute("UPDATE scaling_groups SET scheduler = 'drf' WHERE name = 'gpu'")


def downgrade() -> None:
    op.drop_column("scaling_groups", "scheduler_opts")
    op.drop_column("scaling_groups", "scheduler")
