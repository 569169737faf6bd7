"""Add locale and time zone to accounts

Revision ID: 4b80c2f7d915
Revises: d90b36a2c7f8
Create Date: 2026-10-06 11:47:39.260583

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '4b80c2f7d915'
down_revision: Union[str, None] = 'd90b36a2c7f8'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("locale", sa.String(length=16), server_default="en", nullable=False))
    op.add_column("accounts", sa.Column("time_zone", sa.String(length=64), server_default="UTC", nullable=False))


def downgrade() -> None:
    op.drop_column("accounts", "time_zone")
    op.drop_column("accounts", "locale")
