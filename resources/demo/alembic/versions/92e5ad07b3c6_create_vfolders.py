"""Create vfolders

Revision ID: 92e5ad07b3c6
Revises: f06b72d4c8e1
Create Date: 2025-03-12 13:08:33.794416

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '92e5ad07b3c6'
down_revision: Union[str, None] = 'f06b72d4c8e1'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "vfolders",
        sa.Column("id", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=128), nullable=False),
        sa.Column("user_id", postgresql.UUID(), nullable=False),
        sa.Column("cur_size", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.uuid"], name=op.f("fk_vfolders_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vfolders")),
    )
    op.execute(
        """
        INSERT INTO vfolders (id, name, host, user_id, cur_size)
        SELECT md5('vfolder-' || n)::uuid, 'data-' || n,
               (ARRAY['local:volume1', 'ceph:fast', 'ceph:archive'])[1 + n % 3],
               md5('user-' || (1 + n % 1500))::uuid, n * 1048576::bigint
        FROM generate_series(1, 2500) AS n
        """
    )


def downgrade() -> None:
    op.drop_table("vfolders")
