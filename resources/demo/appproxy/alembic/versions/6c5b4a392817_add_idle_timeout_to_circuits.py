"""Add idle timeout to circuits

Revision ID: 6c5b4a392817
Revises: b2078ed3f59c
Create Date: 2026-08-19 13:25:57.812064

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '6c5b4a392817'
down_revision: Union[str, None] = 'b2078ed3f59c'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("circuits", sa.Column("idle_timeout", sa.Interval(), nullable=True))
    op.execute("UPDATE circuits SET idle_timeout = interval '30 minutes' WHERE app_mode = 'INTERACTIVE'")


def downgrade() -> None:
    op.drop_column("circuits", "idle_timeout")
