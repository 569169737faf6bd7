"""Create agents from what kernels name

Revision ID: 60e2d4a9c7b5
Revises: 1f93b7e60d48
Create Date: 2025-07-22 13:39:27.408855

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '60e2d4a9c7b5'
down_revision: Union[str, None] = '1f93b7e60d48'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="ALIVE", nullable=False),
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("scaling_group", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("first_contact", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["scaling_group"], ["scaling_groups.name"], onupdate="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
    )
    op.execute("INSERT INTO agents (id, region) SELECT DISTINCT agent, 'eu-north' FROM kernels WHERE agent IS NOT NULL")
    op.create_foreign_key(op.f("fk_kernels_agent_agents"), "kernels", "agents", ["agent"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_kernels_agent_agents"), "kernels", type_="foreignkey")
    op.drop_table("agents")
