#    Licensed under the Apache License, Version 2.0 (the "License"); you may
#    not use this file except in compliance with the License.
#

"""add users

Revision ID: a1
Revises: b2
"""

# revision identifiers, used by Alembic.
revision = "a1"
down_revision = "b2"


def upgrade():
    pass


def downgrade():
    pass
