"""Create reservations

Revision ID: 0e84d2b7a63c
Revises: f3e07a95c1d2
Create Date: 2026-09-22 11:50:47.075138

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '0e84d2b7a63c'
down_revision: Union[str, None] = 'f3e07a95c1d2'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("scaling_group", sa.String(length=64), nullable=False),
        sa.Column("group_id", postgresql.UUID(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("slots", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["scaling_group"], ["scaling_groups.name"], onupdate="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
    )
    op.create_index("ix_reservations_during", "reservations", ["during"], postgresql_using="gist")


def downgrade() -> None:
    op.drop_index("ix_reservations_during", table_name="reservations")
    op.drop_table("reservations")
