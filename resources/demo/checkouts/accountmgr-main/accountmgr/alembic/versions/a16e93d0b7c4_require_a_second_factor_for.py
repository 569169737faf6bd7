"""Require a second factor for administrators

Revision ID: a16e93d0b7c4
Revises: 4b80c2f7d915
Create Date: 2026-11-10 10:31:08.475921

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'a16e93d0b7c4'
down_revision: Union[str, None] = '4b80c2f7d915'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("totp_secret", sa.LargeBinary(), nullable=True))
    op.add_column("accounts", sa.Column("second_factor", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("accounts", "second_factor")
    op.drop_column("accounts", "totp_secret")
