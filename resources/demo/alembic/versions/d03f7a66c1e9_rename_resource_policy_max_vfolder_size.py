"""Rename resource_policy.max_vfolder_size

Revision ID: d03f7a66c1e9
Revises: a5518e2b90cd
Create Date: 2026-11-04 14:58:34.319607

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'd03f7a66c1e9'
down_revision: Union[str, None] = 'a5518e2b90cd'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.alter_column("resource_policy", "max_vfolder_size", new_column_name="max_quota_scope_size")
    op.execute("UPDATE resource_policy SET max_quota_scope_size = -1 WHERE max_quota_scope_size = 0")


def downgrade() -> None:
    op.execute("UPDATE resource_policy SET max_quota_scope_size = 0 WHERE max_quota_scope_size = -1")
    op.alter_column("resource_policy", "max_quota_scope_size", new_column_name="max_vfolder_size")
