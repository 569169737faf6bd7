"""Join first and last name into full_name

Revision ID: b80e3c5729df
Revises: 46dfa91c85e7
Create Date: 2025-10-07 09:20:11.637283

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b80e3c5729df'
down_revision: Union[str, None] = '46dfa91c85e7'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(length=129), nullable=True))
    op.execute("UPDATE users SET full_name = concat_ws(' ', first_name, last_name)")
    op.drop_column("users", "last_name")
    op.drop_column("users", "first_name")


def downgrade() -> None:
    # Names of more than two words come back wrong: the boundary between the two is lost.
    op.add_column("users", sa.Column("first_name", sa.String(length=64), nullable=True))
    op.add_column("users", sa.Column("last_name", sa.String(length=64), nullable=True))
    op.execute(
        """
        UPDATE users
        SET first_name = split_part(full_name, ' ', 1), last_name = nullif(split_part(full_name, ' ', 2), '')
        """
    )
    op.drop_column("users", "full_name")
