"""Create resource policies with their defaults

Revision ID: c91f3ad5720e
Revises: 8b20e6f49d17
Create Date: 2025-02-03 14:15:26.907745

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'c91f3ad5720e'
down_revision: Union[str, None] = '8b20e6f49d17'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    policies = op.create_table(
        "resource_policy",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("max_concurrent_sessions", sa.Integer(), nullable=False),
        sa.Column("max_vfolder_count", sa.Integer(), nullable=False),
        sa.Column("max_vfolder_size", sa.BigInteger(), nullable=False),
        sa.Column("idle_timeout", sa.Integer(), server_default=sa.text("1800"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_resource_policy")),
    )
    op.bulk_insert(
        policies,
        [
            {"name": "default", "max_concurrent_sessions": 5, "max_vfolder_count": 10, "max_vfolder_size": 0},
            {"name": "research", "max_concurrent_sessions": 30, "max_vfolder_count": 50, "max_vfolder_size": 2**40},
            {"name": "teaching", "max_concurrent_sessions": 3, "max_vfolder_count": 5, "max_vfolder_size": 2**34},
        ],
    )
    op.add_column("keypairs", sa.Column("resource_policy", sa.String(length=64), nullable=True))
    op.create_foreign_key(
        op.f("fk_keypairs_resource_policy_resource_policy"),
        "keypairs",
        "resource_policy",
        ["resource_policy"],
        ["name"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_keypairs_resource_policy_resource_policy"), "keypairs", type_="foreignkey")
    op.drop_column("keypairs", "resource_policy")
    op.drop_table("resource_policy")
