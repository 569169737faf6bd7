revision = "a1"
down_revision = "b2"
import contextlib
with contextlib.nullcontext("c3") as down_revision: pass
