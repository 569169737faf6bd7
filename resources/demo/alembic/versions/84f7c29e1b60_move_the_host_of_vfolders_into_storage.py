"""Move the host of vfolders into storage hosts

Revision ID: 84f7c29e1b60
Revises: ab06e4d7935c
Create Date: 2025-06-19 15:44:58.239571

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '84f7c29e1b60'
down_revision: Union[str, None] = 'ab06e4d7935c'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


vfolders = sa.table("vfolders", sa.column("host", sa.String), sa.column("storage_host_id", sa.Integer))
storage_hosts = sa.table(
    "storage_hosts", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("backend", sa.String)
)


def upgrade() -> None:
    op.add_column("vfolders", sa.Column("storage_host_id", sa.Integer(), nullable=True))
    connection = op.get_bind()
    names = connection.scalars(sa.select(vfolders.c.host).distinct().order_by(vfolders.c.host)).all()
    for name in names:
        host_id = connection.scalar(
            sa.insert(storage_hosts).values(name=name, backend=name.partition(":")[0]).returning(storage_hosts.c.id)
        )
        connection.execute(sa.update(vfolders).where(vfolders.c.host == name).values(storage_host_id=host_id))
    op.alter_column("vfolders", "storage_host_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_vfolders_storage_host_id_storage_hosts"), "vfolders", "storage_hosts", ["storage_host_id"], ["id"]
    )
    op.drop_column("vfolders", "host")


def downgrade() -> None:
    op.add_column("vfolders", sa.Column("host", sa.String(length=128), nullable=True))
    op.execute("UPDATE vfolders v SET host = h.name FROM storage_hosts h WHERE h.id = v.storage_host_id")
    op.alter_column("vfolders", "host", nullable=False)
    op.drop_constraint(op.f("fk_vfolders_storage_host_id_storage_hosts"), "vfolders", type_="foreignkey")
    op.drop_column("vfolders", "storage_host_id")
    op.execute("DELETE FROM storage_hosts")
