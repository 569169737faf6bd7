"""Import the first customers

Revision ID: f06b72d4c8e1
Revises: 17a9c3e8d54f
Create Date: 2025-03-04 08:39:18.551020

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'f06b72d4c8e1'
down_revision: Union[str, None] = '17a9c3e8d54f'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


DOMAINS = [
    ("default", "Internal"),
    ("nordwind", "Nordwind Logistics GmbH"),
    ("hanbit", "Hanbit Research Institute"),
    ("uni-lodz", "University of Lodz"),
    ("lakeside", "Lakeside Analytics Inc."),
    ("stratus", "Stratus Weather Services"),
]


def upgrade() -> None:
    domains = sa.table("domains", sa.column("name", sa.String), sa.column("description", sa.String))
    op.bulk_insert(domains, [{"name": name, "description": description} for name, description in DOMAINS])
    op.execute(
        """
        INSERT INTO users (uuid, username, email, first_name, last_name, domain_name, created_at)
        SELECT md5('user-' || n)::uuid, 'user' || n,
               CASE WHEN n % 7 = 0 THEN 'User' || n || '@Example.COM' ELSE 'user' || n || '@example.com' END,
               (ARRAY['Ada', 'Grace', 'Min-ji', 'Edsger', 'Barbara', 'Tomasz', 'Yuki'])[1 + n % 7],
               (ARRAY['Kim', 'Berg', 'Nowak', 'Sato', 'Miller'])[1 + n % 5],
               (ARRAY['default', 'nordwind', 'hanbit', 'uni-lodz', 'lakeside', 'stratus'])[1 + n % 6],
               timestamptz '2024-06-01' + n * interval '3 hours'
        FROM generate_series(1, 1500) AS n
        """
    )
    op.execute(
        """
        INSERT INTO groups (id, name, domain_name)
        SELECT md5('group-' || d.name || n)::uuid, 'team-' || n, d.name
        FROM domains d CROSS JOIN generate_series(1, 12) AS n
        """
    )
    op.execute(
        """
        INSERT INTO association_groups_users (user_id, group_id)
        SELECT u.uuid, md5('group-' || u.domain_name || (1 + (hashtext(u.username) & 7)))::uuid FROM users u
        """
    )
    op.execute(
        """
        INSERT INTO keypairs (access_key, secret_key, user_id, concurrency_limit, concurrency_used, resource_policy)
        SELECT 'AK' || lpad(n::text, 18, '0'), md5('secret-' || n), md5('user-' || n)::uuid, 5 + n % 20, n % 5,
               (ARRAY['default', 'research', 'teaching'])[1 + n % 3]
        FROM generate_series(1, 1500) AS n
        """
    )
    op.execute(
        """
        INSERT INTO images (name, registry, tag, size_bytes, labels)
        SELECT name, registry, tag, 400000000 + 1000000 * row_number() OVER (), '{"maintainer": "platform"}'
        FROM unnest(ARRAY['python', 'r-base', 'julia', 'pytorch', 'tensorflow']) AS name,
             unnest(ARRAY['cr.example.com', 'mirror.example.com']) AS registry,
             unnest(ARRAY['24.09', '25.01', '25.06', 'latest']) AS tag
        """
    )


def downgrade() -> None:
    op.execute("DELETE FROM images")
    op.execute("DELETE FROM keypairs")
    op.execute("DELETE FROM association_groups_users")
    op.execute("DELETE FROM groups")
    op.execute("DELETE FROM users")
    op.execute("DELETE FROM domains")
