"""Check terminated_at of sessions without a long lock

Revision ID: d81c4f06be95
Revises: 63a2ed74f91b
Create Date: 2026-07-21 14:05:55.890612

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'd81c4f06be95'
down_revision: Union[str, None] = '63a2ed74f91b'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE sessions ADD CONSTRAINT ck_sessions_terminated_after_created
        CHECK (terminated_at IS NULL OR terminated_at >= created_at) NOT VALID
        """
    )
    op.execute("ALTER TABLE sessions VALIDATE CONSTRAINT ck_sessions_terminated_after_created")


def downgrade() -> None:
    op.drop_constraint("ck_sessions_terminated_after_created", "sessions", type_="check")
