"""Create images

Revision ID: 5de84b1f60a9
Revises: c91f3ad5720e
Create Date: 2025-02-10 11:30:41.226503

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '5de84b1f60a9'
down_revision: Union[str, None] = 'c91f3ad5720e'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "images",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("registry", sa.String(length=255), nullable=False),
        sa.Column("tag", sa.String(length=128), nullable=False),
        sa.Column("architecture", sa.String(length=16), server_default="x86_64", nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
        sa.UniqueConstraint("registry", "name", "tag", "architecture", name="uq_image_identifier"),
    )


def downgrade() -> None:
    op.drop_table("images")
