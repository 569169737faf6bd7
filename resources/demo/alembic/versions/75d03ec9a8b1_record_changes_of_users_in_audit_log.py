"""Record changes of users in audit_log

Revision ID: 75d03ec9a8b1
Revises: f91ab52e7c3d
Create Date: 2025-11-18 15:09:28.903174

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '75d03ec9a8b1'
down_revision: Union[str, None] = 'f91ab52e7c3d'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


FUNCTION = """
CREATE FUNCTION audit_users() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
DECLARE
    changed jsonb;
BEGIN
    SELECT jsonb_object_agg(n.key, n.value) INTO changed
    FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o ON o.key = n.key
    WHERE n.value IS DISTINCT FROM o.value AND n.key <> 'modified_at';
    IF changed IS NOT NULL THEN
        INSERT INTO audit_log (actor, action, entity, entity_id, change)
        VALUES (current_user, 'update', 'user', NEW.uuid::text, changed);
    END IF;
    RETURN NULL;
END;
$function$
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute("CREATE TRIGGER tg_users_audit AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION audit_users()")
    op.execute("COMMENT ON FUNCTION audit_users() IS 'What changed, one row an update; see the handbook, chapter 7'")


def downgrade() -> None:
    op.execute("DROP TRIGGER tg_users_audit ON users")
    op.execute("DROP FUNCTION audit_users()")
