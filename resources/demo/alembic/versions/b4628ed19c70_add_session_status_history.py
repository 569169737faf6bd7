"""Add session status history

Revision ID: b4628ed19c70
Revises: 0b97f5c2e6a3
Create Date: 2025-04-24 12:41:20.198346

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = 'b4628ed19c70'
down_revision: Union[str, None] = '0b97f5c2e6a3'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column(
        "sessions",
        sa.Column("status_history", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.execute(
        """
        UPDATE sessions
        SET status_history = jsonb_build_array(jsonb_build_object('status', status, 'at', terminated_at))
        WHERE terminated_at IS NOT NULL
        """
    )


def downgrade() -> None:
    op.drop_column("sessions", "status_history")
