"""Mark sessions that were cancelled for a reservation as preempted

Revision ID: d75e20a8b6f3
Revises: 3a0dc7f4e915
Create Date: 2025-05-15 09:05:52.344178

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'd75e20a8b6f3'
down_revision: Union[str, None] = '3a0dc7f4e915'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        UPDATE sessions SET status = 'PREEMPTED', status_info = 'reservation'
        WHERE status = 'CANCELLED' AND terminated_at > timestamptz '2025-01-01'
        """
    )


def downgrade() -> None:
    op.execute(
        """
        UPDATE sessions SET status = 'CANCELLED', status_info = NULL
        WHERE status = 'PREEMPTED' AND status_info = 'reservation'
        """
    )
