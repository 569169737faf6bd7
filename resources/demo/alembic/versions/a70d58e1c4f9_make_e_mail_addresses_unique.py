"""Make e-mail addresses unique

Revision ID: a70d58e1c4f9
Revises: 3b6f92ca0e57
Create Date: 2026-02-03 09:14:42.845390

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'a70d58e1c4f9'
down_revision: Union[str, None] = '3b6f92ca0e57'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "uq_users_email_lower",
            "users",
            [sa.text("lower(email)")],
            unique=True,
            if_not_exists=True,
            postgresql_concurrently=True,
        )
    op.drop_index("ix_users_email", table_name="users")


def downgrade() -> None:
    op.create_index("ix_users_email", "users", ["email"])
    op.drop_index("uq_users_email_lower", table_name="users")
