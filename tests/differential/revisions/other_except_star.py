revision = "a1"
down_revision = "b2"
try:
    pass
except* (ValueError, TypeError) as e:
    pass
