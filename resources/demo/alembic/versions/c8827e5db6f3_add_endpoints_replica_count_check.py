"""Add endpoints.replica_count check constraint

Revision ID: c8827e5db6f3
Revises: 0e84d2b7a63c
Create Date: 2026-10-20 10:17:29.536402

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'c8827e5db6f3'
down_revision: Union[str, None] = '0e84d2b7a63c'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_check_constraint("ck_endpoints_replica_count", "endpoints", "replica_count BETWEEN 0 AND 64")


def downgrade() -> None:
    op.drop_constraint("ck_endpoints_replica_count", "endpoints", type_="check")
