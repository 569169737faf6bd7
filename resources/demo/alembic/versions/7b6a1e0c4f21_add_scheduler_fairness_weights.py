"""Add scheduler fairness weights

Revision ID: 7b6a1e0c4f21
Revises: d03f7a66c1e9
Create Date: 2026-11-06 12:06:58.981324

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '7b6a1e0c4f21'
down_revision: Union[str, None] = 'd03f7a66c1e9'
branch_labels: Union[str, Sequence[str], None] = ('scheduler',)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("groups", sa.Column("fairness_weight", sa.Float(), server_default=sa.text("1.0"), nullable=False))
    op.create_check_constraint("ck_groups_fairness_weight", "groups", "fairness_weight > 0")


def downgrade() -> None:
    op.drop_constraint("ck_groups_fairness_weight", "groups", type_="check")
    op.drop_column("groups", "fairness_weight")
