"""Create accounts

Revision ID: 2f60b8d4e917
Revises:
Create Date: 2025-09-16 10:14:25.318907

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '2f60b8d4e917'
down_revision: Union[str, None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("display_name", sa.String(length=128), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.execute(
        """
        INSERT INTO accounts (email, display_name)
        SELECT 'user' || n || '@example.com', 'User ' || n FROM generate_series(1, 1500) AS n
        """
    )


def downgrade() -> None:
    op.drop_table("accounts")
