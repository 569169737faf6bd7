"""Create keypairs

Revision ID: 8b20e6f49d17
Revises: a3c57e0d81b4
Create Date: 2025-01-21 09:47:55.640218

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '8b20e6f49d17'
down_revision: Union[str, None] = 'a3c57e0d81b4'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "keypairs",
        sa.Column("access_key", sa.String(length=20), nullable=False),
        sa.Column("secret_key", sa.String(length=40), nullable=False),
        sa.Column("user_id", postgresql.UUID(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("concurrency_limit", sa.Integer(), nullable=True),
        sa.Column("concurrency_used", sa.Integer(), nullable=True),
        sa.Column("num_queries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.uuid"], name=op.f("fk_keypairs_user_id_users")),
        sa.PrimaryKeyConstraint("access_key", name=op.f("pk_keypairs")),
    )
    op.create_index(op.f("ix_keypairs_user_id"), "keypairs", ["user_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_keypairs_user_id"), table_name="keypairs")
    op.drop_table("keypairs")
