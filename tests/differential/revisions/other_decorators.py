revision = "a1"
down_revision = "b2"
import functools


@functools.cache
@functools.wraps(
    print
)
def upgrade():
    pass
