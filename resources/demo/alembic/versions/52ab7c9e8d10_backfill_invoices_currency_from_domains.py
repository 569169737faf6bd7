"""Backfill invoices.currency from domains

Revision ID: 52ab7c9e8d10
Revises: d03f7a66c1e9
Create Date: 2026-11-15 10:44:22.147698

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '52ab7c9e8d10'
down_revision: Union[str, None] = 'd03f7a66c1e9'
branch_labels: Union[str, Sequence[str], None] = ('billing',)
depends_on: Union[str, Sequence[str], None] = None


invoices = sa.table(
    "invoices",
    sa.column("id", sa.BigInteger),
    sa.column("domain_name", sa.String),
    sa.column("currency"),
)
domains = sa.table("domains", sa.column("name", sa.String), sa.column("currency"))


def upgrade() -> None:
    connection = op.get_bind()
    # Some installations got the column by hand before it was part of a release.
    columns = {column["name"] for column in sa.inspect(connection).get_columns("invoices")}
    if "currency_source" not in columns:
        op.add_column("invoices", sa.Column("currency_source", sa.String(length=16), nullable=True))
    for domain in connection.execute(sa.select(domains.c.name, domains.c.currency).order_by(domains.c.name)).all():
        result = connection.execute(
            sa.update(invoices)
            .where(invoices.c.domain_name == domain.name, invoices.c.currency.is_(None))
            .values(currency=sa.literal_column(f"'{domain.currency}'"))
        )
        print(f"{domain.name}: {result.rowcount} invoices in {domain.currency}")
    op.execute("UPDATE invoices SET currency_source = 'domain' WHERE currency_source IS NULL")


def downgrade() -> None:
    # Corrections made by hand since the upgrade go with the rest.
    op.execute("UPDATE invoices SET currency = NULL")
    op.drop_column("invoices", "currency_source")
