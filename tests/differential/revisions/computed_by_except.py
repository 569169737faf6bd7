revision = "a1"
down_revision = "b2"
try:
    1 / 0
except ZeroDivisionError as depends_on:
    pass
