from sqlalchemy import *
from sqlalchemy.dialects.postgresql import *
from alembic import op
revision = "a1"
down_revision = "b2"
