"""Move registries of images into a table

Revision ID: 5409fbe7d236
Revises: a70d58e1c4f9
Create Date: 2026-02-24 16:52:23.466718

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '5409fbe7d236'
down_revision: Union[str, None] = 'a70d58e1c4f9'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "container_registries",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("url", sa.String(length=512), nullable=False),
        sa.Column("type", sa.String(length=16), server_default="harbor2", nullable=False),
        sa.Column("is_global", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_container_registries")),
    )
    op.execute(
        "INSERT INTO container_registries (name, url) SELECT DISTINCT registry, 'https://' || registry FROM images"
    )
    op.create_foreign_key(
        op.f("fk_images_registry_container_registries"), "images", "container_registries", ["registry"], ["name"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_images_registry_container_registries"), "images", type_="foreignkey")
    op.drop_table("container_registries")
