"""Create identities of sign-on services

Revision ID: c5a7193ef04d
Revises: 2f60b8d4e917
Create Date: 2025-11-27 13:40:51.726410

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'c5a7193ef04d'
down_revision: Union[str, None] = '2f60b8d4e917'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("provider", "subject", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_account_id"), "identities", ["account_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_identities_account_id"), table_name="identities")
    op.drop_table("identities")
