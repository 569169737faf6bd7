revision = "a1"
from project.names import parent as down_revision
