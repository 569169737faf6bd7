"""Create endpoints and routings

Revision ID: 1f93b7e60d48
Revises: ce15a83d96f2
Create Date: 2025-07-08 18:07:43.150928

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '1f93b7e60d48'
down_revision: Union[str, None] = 'ce15a83d96f2'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "endpoints",
        sa.Column("id", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("owner_id", postgresql.UUID(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("replica_count", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("url", sa.String(length=1024), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.uuid"], name=op.f("fk_endpoints_owner_id_users")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_endpoints_image_id_images")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoints")),
    )
    op.create_table(
        "routings",
        sa.Column("id", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("endpoint_id", postgresql.UUID(), nullable=False),
        sa.Column("session_id", postgresql.UUID(), nullable=True),
        sa.Column("traffic_ratio", sa.Float(), server_default=sa.text("1.0"), nullable=False),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routings")),
    )
    op.execute(
        """
        INSERT INTO endpoints (name, owner_id, image_id, replica_count)
        SELECT 'model-' || n, md5('user-' || n)::uuid, (SELECT min(id) FROM images), n % 4
        FROM generate_series(1, 60) AS n
        """
    )


def downgrade() -> None:
    op.drop_table("routings")
    op.drop_table("endpoints")
