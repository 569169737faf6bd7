"""Merge billing and scheduler heads

Revision ID: 90c2fd61b5ae
Revises: 7b6a1e0c4f21, 52ab7c9e8d10
Create Date: 2026-11-17 09:31:05.268177

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '90c2fd61b5ae'
down_revision: Union[str, Sequence[str], None] = ('7b6a1e0c4f21', '52ab7c9e8d10')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
