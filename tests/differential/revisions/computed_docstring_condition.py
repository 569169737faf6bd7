"""x"""
revision = "a1"
down_revision = "b2"
if True:
    __doc__ = "y"
