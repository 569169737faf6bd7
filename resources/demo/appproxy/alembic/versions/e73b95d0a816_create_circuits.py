"""Create circuits

Revision ID: e73b95d0a816
Revises: 0a4d8f61c2e7
Create Date: 2025-08-12 09:51:30.684277

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e73b95d0a816'
down_revision: Union[str, None] = '0a4d8f61c2e7'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


app_mode = sa.Enum("INTERACTIVE", "INFERENCE", name="appmode")


def upgrade() -> None:
    op.create_table(
        "circuits",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("worker", sa.Integer(), nullable=False),
        sa.Column("app", sa.String(length=64), nullable=False),
        sa.Column("app_mode", app_mode, nullable=False),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["worker"], ["workers.id"], name=op.f("fk_circuits_worker_workers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circuits")),
    )
    op.execute(
        """
        INSERT INTO circuits (worker, app, app_mode, port)
        SELECT w.id, (ARRAY['jupyter', 'ttyd', 'vllm'])[1 + n % 3],
               (CASE WHEN n % 3 = 2 THEN 'INFERENCE' ELSE 'INTERACTIVE' END)::appmode, 10000 + n
        FROM workers w, generate_series(1, 200) AS n
        """
    )


def downgrade() -> None:
    op.drop_table("circuits")
    app_mode.drop(op.get_bind())
