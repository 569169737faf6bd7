from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from project.names import thing
revision = "a1"
down_revision = "b2"
