"""Count requests of circuits

Revision ID: 91aa02cc7d3e
Revises: 6c5b4a392817
Create Date: 2026-11-09 16:49:23.170852

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '91aa02cc7d3e'
down_revision: Union[str, None] = '6c5b4a392817'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("circuits", sa.Column("requests", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("circuits", sa.Column("last_request_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("circuits", "last_request_at")
    op.drop_column("circuits", "requests")
