revision = "a1"
from project.names import (
    thing,
    down_revision,
)
