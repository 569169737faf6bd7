"""Create notification channels and rules

Revision ID: 63a2ed74f91b
Revises: b95f08c3d6e7
Create Date: 2026-06-16 09:36:18.237054

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '63a2ed74f91b'
down_revision: Union[str, None] = 'b95f08c3d6e7'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


channel_type = sa.Enum("EMAIL", "WEBHOOK", "CHAT", name="notificationchanneltype")


def upgrade() -> None:
    op.create_table(
        "notification_channels",
        sa.Column("id", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("type", channel_type, nullable=False),
        sa.Column("config", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_channels")),
    )
    op.create_table(
        "notification_rules",
        sa.Column("id", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", postgresql.UUID(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("template", sa.Text(), server_default="{event} at {time:%H:%M}", nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["notification_channels.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_rules")),
    )


def downgrade() -> None:
    op.drop_table("notification_rules")
    op.drop_table("notification_channels")
    channel_type.drop(op.get_bind())
