"""Create invoices

Revision ID: 6c3f18b9e07d
Revises: 92e5ad07b3c6
Create Date: 2025-03-20 10:12:48.063957

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '6c3f18b9e07d'
down_revision: Union[str, None] = '92e5ad07b3c6'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("domain_name", sa.String(length=64), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["domain_name"], ["domains.name"], name=op.f("fk_invoices_domain_name_domains")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.CheckConstraint("amount >= 0", name="ck_invoices_amount_not_negative"),
    )


def downgrade() -> None:
    op.drop_table("invoices")
