"""Grant roles to existing users

Revision ID: b95f08c3d6e7
Revises: 1cd95a4e72f0
Create Date: 2026-05-12 15:43:31.604879

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b95f08c3d6e7'
down_revision: Union[str, None] = '1cd95a4e72f0'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        INSERT INTO user_roles (user_id, role_id)
        SELECT u.uuid, CASE WHEN bool_or(k.is_admin) THEN 2 ELSE 3 END
        FROM users u LEFT JOIN keypairs k ON k.user_id = u.uuid
        GROUP BY u.uuid
        ON CONFLICT DO NOTHING
        """
    )


def downgrade() -> None:
    op.execute("DELETE FROM user_roles WHERE role_id IN (2, 3)")
