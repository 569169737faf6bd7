revision = "a1"
from project.names import down_revision
