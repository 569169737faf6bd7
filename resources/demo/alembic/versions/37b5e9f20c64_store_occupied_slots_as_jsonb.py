"""Store occupied slots as jsonb

Revision ID: 37b5e9f20c64
Revises: dd8c0175e3fa
Create Date: 2025-08-19 16:45:39.954318

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '37b5e9f20c64'
down_revision: Union[str, None] = 'dd8c0175e3fa'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.alter_column(
        "kernels",
        "occupied_slots",
        existing_type=sa.Text(),
        type_=postgresql.JSONB(),
        postgresql_using="occupied_slots::jsonb",
    )
    op.alter_column(
        "images", "labels", existing_type=sa.JSON(), type_=postgresql.JSONB(), postgresql_using="labels::jsonb"
    )


def downgrade() -> None:
    op.alter_column(
        "images", "labels", existing_type=postgresql.JSONB(), type_=sa.JSON(), postgresql_using="labels::json"
    )
    op.alter_column(
        "kernels",
        "occupied_slots",
        existing_type=postgresql.JSONB(),
        type_=sa.Text(),
        postgresql_using="occupied_slots::text",
    )
