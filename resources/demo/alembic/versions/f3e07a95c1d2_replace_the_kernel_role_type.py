"""Replace the kernel role type

Revision ID: f3e07a95c1d2
Revises: d81c4f06be95
Create Date: 2026-08-25 17:31:09.423785

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'f3e07a95c1d2'
down_revision: Union[str, None] = 'd81c4f06be95'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("ALTER TYPE kernelrole RENAME TO kernelrole_old")
    op.execute("CREATE TYPE kernelrole AS ENUM ('main', 'sub', 'sidecar')")
    op.execute("ALTER TABLE kernels ALTER COLUMN role DROP DEFAULT")
    op.execute("ALTER TABLE kernels ALTER COLUMN role TYPE kernelrole USING lower(role::text)::kernelrole")
    op.execute("ALTER TABLE kernels ALTER COLUMN role SET DEFAULT 'main'")
    op.execute("DROP TYPE kernelrole_old")


def downgrade() -> None:
    op.execute("DELETE FROM kernels WHERE role = 'sidecar'")
    op.execute("ALTER TYPE kernelrole RENAME TO kernelrole_new")
    op.execute("CREATE TYPE kernelrole AS ENUM ('MAIN', 'SUB')")
    op.execute("ALTER TABLE kernels ALTER COLUMN role DROP DEFAULT")
    op.execute("ALTER TABLE kernels ALTER COLUMN role TYPE kernelrole USING upper(role::text)::kernelrole")
    op.execute("ALTER TABLE kernels ALTER COLUMN role SET DEFAULT 'MAIN'")
    op.execute("DROP TYPE kernelrole_new")
