"""Index kernels by agent concurrently

Revision ID: dd8c0175e3fa
Revises: 60e2d4a9c7b5
Create Date: 2025-08-05 08:52:16.681207

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'dd8c0175e3fa'
down_revision: Union[str, None] = '60e2d4a9c7b5'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_kernels_agent", "kernels", ["agent"], if_not_exists=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_kernels_agent", table_name="kernels", if_exists=True, postgresql_concurrently=True)
