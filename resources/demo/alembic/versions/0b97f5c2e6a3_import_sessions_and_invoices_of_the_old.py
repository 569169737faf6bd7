"""Import sessions and invoices of the old backend

Revision ID: 0b97f5c2e6a3
Revises: e8d41a7f5b29
Create Date: 2025-04-09 19:33:59.410827

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0b97f5c2e6a3'
down_revision: Union[str, None] = 'e8d41a7f5b29'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        INSERT INTO sessions (id, name, domain_name, group_id, access_key, owner_id, status, created_at, terminated_at)
        SELECT md5('session-' || n)::uuid, 'job-' || n, u.domain_name,
               md5('group-' || u.domain_name || (1 + n % 12))::uuid, k.access_key, u.uuid,
               (ARRAY['TERMINATED', 'TERMINATED', 'TERMINATED', 'CANCELLED', 'ERROR'])[1 + n % 5]::sessionstatus,
               timestamptz '2024-07-01' + n * interval '40 minutes',
               timestamptz '2024-07-01' + n * interval '40 minutes' + (n % 600) * interval '1 minute'
        FROM generate_series(1, 8000) AS n
        JOIN users u ON u.uuid = md5('user-' || (1 + n % 1500))::uuid
        JOIN keypairs k ON k.user_id = u.uuid
        """
    )
    op.execute(
        """
        INSERT INTO kernels (id, session_id, image_id, agent, occupied_slots)
        SELECT md5('kernel-' || n)::uuid, md5('session-' || n)::uuid,
               (SELECT min(id) FROM images) + n % (SELECT count(*) FROM images)::int, 'i-worker' || n % 40,
               '{"cpu": "' || 1 + n % 16 || '", "mem": "' || (1 + n % 64) * 1073741824::bigint || '"}'
        FROM generate_series(1, 8000) AS n
        """
    )
    op.execute(
        """
        INSERT INTO invoices (number, domain_name, period, amount, paid_at)
        SELECT 'R' || to_char(m, 'YYYYMM') || '-' || d.name || '-' || n, d.name, m::date,
               round((100 + 7.35 * n)::numeric, 2), m + interval '45 days'
        FROM domains d, generate_series(1, 40) AS n,
             generate_series(timestamptz '2024-07-01', timestamptz '2025-03-01', interval '1 month') AS m
        """
    )


def downgrade() -> None:
    op.execute("DELETE FROM invoices")
    op.execute("DELETE FROM kernels")
    op.execute("DELETE FROM sessions")
