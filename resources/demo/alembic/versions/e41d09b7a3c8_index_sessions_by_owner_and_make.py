"""Index sessions by owner and make priority mandatory

Revision ID: e41d09b7a3c8
Revises: 90c2fd61b5ae
Create Date: 2026-11-18 15:20:47.693051

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e41d09b7a3c8'
down_revision: Union[str, None] = '90c2fd61b5ae'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_index("ix_sessions_owner", "sessions", ["owner_id", "created_at"])
    op.execute("UPDATE sessions SET priority = 10 WHERE priority IS NULL")
    op.alter_column("sessions", "priority", existing_type=sa.SmallInteger(), nullable=False)
    op.create_foreign_key("fk_sessions_owner", "sessions", "users", ["owner_id"], ["uuid"])


def downgrade() -> None:
    op.drop_constraint("fk_sessions_owner", "sessions", type_="foreignkey")
    op.alter_column("sessions", "priority", existing_type=sa.SmallInteger(), nullable=True)
    op.drop_index("ix_sessions_owner", table_name="sessions")
