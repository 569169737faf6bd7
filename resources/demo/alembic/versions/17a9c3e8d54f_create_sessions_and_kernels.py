"""Create sessions and kernels

Revision ID: 17a9c3e8d54f
Revises: 5de84b1f60a9
Create Date: 2025-02-18 17:54:12.385162

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '17a9c3e8d54f'
down_revision: Union[str, None] = '5de84b1f60a9'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


session_status = postgresql.ENUM(
    "PENDING", "SCHEDULED", "RUNNING", "TERMINATED", "CANCELLED", "ERROR", name="sessionstatus", create_type=False
)
kernel_role = postgresql.ENUM("MAIN", "SUB", name="kernelrole", create_type=False)


def upgrade() -> None:
    session_status.create(op.get_bind())
    kernel_role.create(op.get_bind())
    op.create_table(
        "sessions",
        sa.Column("id", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("domain_name", sa.String(length=64), nullable=False),
        sa.Column("group_id", postgresql.UUID(), nullable=True),
        sa.Column("access_key", sa.String(length=20), nullable=False),
        sa.Column("owner_id", postgresql.UUID(), nullable=True),
        sa.Column("status", session_status, server_default="PENDING", nullable=False),
        sa.Column("status_info", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("terminated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["domain_name"], ["domains.name"], name=op.f("fk_sessions_domain_name_domains")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_sessions_group_id_groups")),
        sa.ForeignKeyConstraint(["access_key"], ["keypairs.access_key"], name=op.f("fk_sessions_access_key_keypairs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_status"), "sessions", ["status"])
    op.create_table(
        "kernels",
        sa.Column("id", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("session_id", postgresql.UUID(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("role", kernel_role, server_default="MAIN", nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.Column("occupied_slots", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_kernels_session_id_sessions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_kernels_image_id_images")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kernels")),
    )


def downgrade() -> None:
    op.drop_table("kernels")
    op.drop_index(op.f("ix_sessions_status"), table_name="sessions")
    op.drop_table("sessions")
    kernel_role.drop(op.get_bind())
    session_status.drop(op.get_bind())
