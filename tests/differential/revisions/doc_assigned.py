revision = "a1"
down_revision = "b2"
__doc__ = "  late\n\tand later\n\n   more"
