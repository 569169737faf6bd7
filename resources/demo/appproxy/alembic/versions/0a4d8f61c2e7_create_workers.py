"""Create workers

Revision ID: 0a4d8f61c2e7
Revises:
Create Date: 2025-06-24 14:20:46.137905

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0a4d8f61c2e7'
down_revision: Union[str, None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("authority", sa.String(length=255), nullable=False),
        sa.Column("frontend_mode", sa.String(length=16), server_default="wildcard", nullable=False),
        sa.Column("available_slots", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sa.UniqueConstraint("authority", name=op.f("uq_workers_authority")),
    )
    op.execute(
        """
        INSERT INTO workers (authority, available_slots)
        SELECT 'proxy' || n || '.example.com', 200 FROM generate_series(1, 8) AS n
        """
    )


def downgrade() -> None:
    op.drop_table("workers")
