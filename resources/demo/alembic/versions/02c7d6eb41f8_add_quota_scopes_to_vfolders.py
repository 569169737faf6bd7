"""Add quota scopes to vfolders

Revision ID: 02c7d6eb41f8
Revises: b80e3c5729df
Create Date: 2025-10-21 17:16:44.189540

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '02c7d6eb41f8'
down_revision: Union[str, None] = 'b80e3c5729df'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "quota_scopes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hard_limit", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_scopes")),
    )
    op.execute("INSERT INTO quota_scopes (id) SELECT DISTINCT 'user:' || user_id FROM vfolders")
    op.add_column("vfolders", sa.Column("quota_scope_id", sa.String(length=64), nullable=True))
    op.execute("UPDATE vfolders SET quota_scope_id = 'user:' || user_id")
    op.alter_column("vfolders", "quota_scope_id", existing_type=sa.String(length=64), nullable=False)
    op.create_foreign_key(
        op.f("fk_vfolders_quota_scope_id_quota_scopes"), "vfolders", "quota_scopes", ["quota_scope_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_vfolders_quota_scope_id_quota_scopes"), "vfolders", type_="foreignkey")
    op.drop_column("vfolders", "quota_scope_id")
    op.drop_table("quota_scopes")
