"""Merge scaling and storage heads

Revision ID: ce15a83d96f2
Revises: 51d8f0b62e7a, 84f7c29e1b60
Create Date: 2025-06-26 09:58:21.866034

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'ce15a83d96f2'
down_revision: Union[str, Sequence[str], None] = ('51d8f0b62e7a', '84f7c29e1b60')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
