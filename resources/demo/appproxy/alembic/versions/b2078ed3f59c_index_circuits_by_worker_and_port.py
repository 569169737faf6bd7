"""Index circuits by worker and port

Revision ID: b2078ed3f59c
Revises: 59c1f8a7046d
Create Date: 2026-02-11 10:38:42.509318

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b2078ed3f59c'
down_revision: Union[str, None] = '59c1f8a7046d'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_index("uq_circuits_worker_port", "circuits", ["worker", "port"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_circuits_worker_port", table_name="circuits")
