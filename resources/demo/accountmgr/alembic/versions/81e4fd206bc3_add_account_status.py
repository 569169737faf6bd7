"""Add account status

Revision ID: 81e4fd206bc3
Revises: c5a7193ef04d
Create Date: 2026-03-05 09:28:33.054192

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '81e4fd206bc3'
down_revision: Union[str, None] = 'c5a7193ef04d'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


account_status = sa.Enum("ACTIVE", "SUSPENDED", "CLOSED", name="accountstatus")


def upgrade() -> None:
    account_status.create(op.get_bind())
    op.add_column("accounts", sa.Column("status", account_status, server_default="ACTIVE", nullable=False))
    op.execute("UPDATE accounts SET status = 'SUSPENDED' WHERE id % 97 = 0")


def downgrade() -> None:
    op.drop_column("accounts", "status")
    account_status.drop(op.get_bind())
