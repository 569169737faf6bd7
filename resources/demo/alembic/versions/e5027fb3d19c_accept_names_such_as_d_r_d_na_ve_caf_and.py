"""Accept names such as "Łódź – R&D", 'naïve café' and 연구실 日本語 for groups

Revision ID: e5027fb3d19c
Revises: 9a41c6d8fe03
Create Date: 2025-09-11 11:28:50.796142

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e5027fb3d19c'
down_revision: Union[str, None] = '9a41c6d8fe03'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.alter_column("groups", "name", existing_type=sa.String(length=64), type_=sa.String(length=128))
    op.execute(
        """
        UPDATE groups SET name = 'Łódź – R&D "north"' WHERE domain_name = 'uni-lodz' AND name = 'team-1'
        """
    )
    op.execute("UPDATE groups SET name = '연구실 100% naïve' WHERE domain_name = 'hanbit' AND name = 'team-1'")


def downgrade() -> None:
    op.execute("UPDATE groups SET name = 'team-1' WHERE name IN ('Łódź – R&D \"north\"', '연구실 100% naïve')")
    op.alter_column("groups", "name", existing_type=sa.String(length=128), type_=sa.String(length=64))
