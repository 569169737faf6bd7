"""Create storage hosts

Revision ID: ab06e4d7935c
Revises: 29bf64c1d80e
Create Date: 2025-06-09 10:36:14.512689

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'ab06e4d7935c'
down_revision: Union[str, None] = '29bf64c1d80e'
branch_labels: Union[str, Sequence[str], None] = ('storage',)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "storage_hosts",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("backend", sa.String(length=32), nullable=False),
        sa.Column("is_readonly", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_hosts")),
        sa.UniqueConstraint("name", name=op.f("uq_storage_hosts_name")),
    )


def downgrade() -> None:
    op.drop_table("storage_hosts")
