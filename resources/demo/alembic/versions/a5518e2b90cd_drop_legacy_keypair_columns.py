"""Drop legacy keypair columns

Revision ID: a5518e2b90cd
Revises: 3e9d7701fa42
Create Date: 2026-10-29 09:25:16.752839

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'a5518e2b90cd'
down_revision: Union[str, None] = '3e9d7701fa42'
branch_labels: Union[str, Sequence[str], None] = ('26.3',)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.drop_column("keypairs", "concurrency_used")
    op.drop_column("keypairs", "concurrency_limit")
    op.drop_column("keypairs", "num_queries")


def downgrade() -> None:
    raise NotImplementedError(
        "The limits of single keypairs are gone; restore the backup made before this revision to get them back."
    )
