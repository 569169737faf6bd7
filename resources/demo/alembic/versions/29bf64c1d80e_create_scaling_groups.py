"""Create scaling groups

Revision ID: 29bf64c1d80e
Revises: d75e20a8b6f3
Create Date: 2025-05-28 14:50:31.605872

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '29bf64c1d80e'
down_revision: Union[str, None] = 'd75e20a8b6f3'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    scaling_groups = op.create_table(
        "scaling_groups",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.String(length=512), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("driver", sa.String(length=64), server_default="static", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scaling_groups")),
    )
    op.bulk_insert(
        scaling_groups,
        [
            {"name": "default", "description": "General purpose nodes"},
            {"name": "gpu", "description": "Nodes with accelerators"},
            {"name": "teaching", "description": "Nodes of the class rooms"},
        ],
    )


def downgrade() -> None:
    op.drop_table("scaling_groups")
