"""Keep modified_at by a trigger

Revision ID: e8d41a7f5b29
Revises: 6c3f18b9e07d
Create Date: 2025-04-02 15:26:04.877391

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e8d41a7f5b29'
down_revision: Union[str, None] = '6c3f18b9e07d'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


TABLES = ("users", "groups", "keypairs", "vfolders")


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION touch_modified_at() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            NEW.modified_at := clock_timestamp();
            RETURN NEW;
        END;
        $$
        """
    )
    for table in TABLES:
        op.add_column(table, sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True))
        op.execute(
            f"""
            CREATE TRIGGER tg_{table}_touch BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION touch_modified_at()
            """
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TRIGGER tg_{table}_touch ON {table}")
        op.drop_column(table, "modified_at")
    op.execute("DROP FUNCTION touch_modified_at()")
