"""Keep deleted accounts for thirty days

Revision ID: 6fd5284eb13a
Revises: 4b80c2f7d915
Create Date: 2026-11-12 15:17:54.602138

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '6fd5284eb13a'
down_revision: Union[str, None] = '4b80c2f7d915'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_accounts_deleted_at", "accounts", ["deleted_at"], postgresql_where=sa.text("deleted_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_accounts_deleted_at", table_name="accounts")
    op.drop_column("accounts", "deleted_at")
