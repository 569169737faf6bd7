"""Create the monthly usage view

Revision ID: 8d1470b5fe6c
Revises: c2e6897f10ad
Create Date: 2025-12-16 18:24:59.748261

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '8d1470b5fe6c'
down_revision: Union[str, None] = 'c2e6897f10ad'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        CREATE MATERIALIZED VIEW monthly_usage AS
        SELECT s.domain_name, date_trunc('month', s.created_at) AS month, count(*) AS sessions,
               sum(extract(epoch FROM s.terminated_at - s.created_at)) / 3600 AS hours
        FROM sessions s
        WHERE s.terminated_at IS NOT NULL
        GROUP BY s.domain_name, date_trunc('month', s.created_at)
        WITH DATA
        """
    )
    op.create_index("uq_monthly_usage", "monthly_usage", ["domain_name", "month"], unique=True)


def downgrade() -> None:
    op.execute("DROP MATERIALIZED VIEW monthly_usage")
