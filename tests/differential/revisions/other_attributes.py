revision = "a1"
down_revision = "b2"
import types
x = types.SimpleNamespace()
x.revision = "y"
x.down_revision: str = "z"
