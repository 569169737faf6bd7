#    Licensed under the Apache License

from alembic import op

"""not a docstring

Revision ID: a1
Revises: b2
"""

revision = "a1"
down_revision = "b2"
depends_on = ("c3",)


def upgrade():
    pass
