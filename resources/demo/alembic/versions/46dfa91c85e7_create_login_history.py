"""Create login history

Revision ID: 46dfa91c85e7
Revises: e5027fb3d19c
Create Date: 2025-09-23 14:31:33.025776

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '46dfa91c85e7'
down_revision: Union[str, None] = 'e5027fb3d19c'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


login_result = sa.Enum("OK", "BAD_PASSWORD", "LOCKED", name="loginresult")


def upgrade() -> None:
    op.create_table(
        "login_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", postgresql.UUID(), nullable=False),
        sa.Column("client_ip", postgresql.INET(), nullable=True),
        sa.Column("result", login_result, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.uuid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_history")),
    )
    op.create_index("ix_login_history_user_id_at", "login_history", ["user_id", sa.text("at DESC")])


def downgrade() -> None:
    op.drop_index("ix_login_history_user_id_at", table_name="login_history")
    op.drop_table("login_history")
    login_result.drop(op.get_bind())
