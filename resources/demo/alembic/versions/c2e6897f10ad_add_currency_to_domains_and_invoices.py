"""Add currency to domains and invoices

Revision ID: c2e6897f10ad
Revises: 75d03ec9a8b1
Create Date: 2025-12-02 10:47:36.312805

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = 'c2e6897f10ad'
down_revision: Union[str, None] = '75d03ec9a8b1'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


currency = postgresql.ENUM("EUR", "USD", "KRW", "PLN", name="currency", create_type=False)


def upgrade() -> None:
    currency.create(op.get_bind())
    op.add_column("domains", sa.Column("currency", currency, server_default="EUR", nullable=False))
    op.add_column("invoices", sa.Column("currency", currency, nullable=True))
    op.execute(
        """
        UPDATE domains SET currency = (CASE name WHEN 'hanbit' THEN 'KRW' WHEN 'uni-lodz' THEN 'PLN'
                                       WHEN 'lakeside' THEN 'USD' ELSE 'EUR' END)::currency
        """
    )


def downgrade() -> None:
    op.drop_column("invoices", "currency")
    op.drop_column("domains", "currency")
    currency.drop(op.get_bind())
