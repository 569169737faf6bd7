"""Write e-mail addresses in lower case

Revision ID: 3b6f92ca0e57
Revises: 8d1470b5fe6c
Create Date: 2026-01-13 11:38:14.091567

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '3b6f92ca0e57'
down_revision: Union[str, None] = '8d1470b5fe6c'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


users = sa.table("users", sa.column("uuid", postgresql.UUID()), sa.column("email", sa.String))


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(users.c.uuid, users.c.email).where(users.c.email != sa.func.lower(users.c.email))
    ).all()
    for row in rows:
        connection.execute(sa.update(users).where(users.c.uuid == row.uuid).values(email=row.email.strip().lower()))


def downgrade() -> None:
    # Lower case is as good for whoever reads the addresses; how they were typed is not kept.
    pass
