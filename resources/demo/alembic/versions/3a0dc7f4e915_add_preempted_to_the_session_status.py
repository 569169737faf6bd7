"""Add PREEMPTED to the session status

Revision ID: 3a0dc7f4e915
Revises: b4628ed19c70
Create Date: 2025-05-06 16:18:07.732590

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '3a0dc7f4e915'
down_revision: Union[str, None] = 'b4628ed19c70'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # A new value may not be used in the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE sessionstatus ADD VALUE IF NOT EXISTS 'PREEMPTED' AFTER 'RUNNING'")


def downgrade() -> None:
    # PostgreSQL has no DROP VALUE; an unused value does no harm.
    pass
