from project.star import *
revision = "a1"
down_revision = "b2"
branch_labels = None
depends_on = None
