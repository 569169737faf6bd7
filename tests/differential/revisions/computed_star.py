revision = "a1"
down_revision = "b2"
from project.star import *
