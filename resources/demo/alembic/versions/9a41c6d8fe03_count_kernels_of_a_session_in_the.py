"""Count kernels of a session in the session itself so that the list of sessions needs no join

The list of sessions is the most used page of the console. It showed the number of kernels by a
sub-select for each row, which took 400 ms for a domain with many sessions.

The count is now a column of its own. The manager updates it whenever it adds or removes a kernel;
until every manager is on 25.9 the count may lag behind, therefore nothing but the console reads it.
Run scripts/recount-kernels.py after the last manager was updated.

Revision ID: 9a41c6d8fe03
Revises: 37b5e9f20c64
Create Date: 2025-09-02 10:03:05.273469

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9a41c6d8fe03'
down_revision: Union[str, None] = '37b5e9f20c64'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("kernel_count", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.execute(
        """
        UPDATE sessions s SET kernel_count = k.n
        FROM (SELECT session_id, count(*) AS n FROM kernels GROUP BY session_id) k
        WHERE k.session_id = s.id
        """
    )


def downgrade() -> None:
    op.drop_column("sessions", "kernel_count")
