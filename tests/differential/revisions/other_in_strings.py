revision = "a1"
down_revision = "b2"
"""
revision = "x"
"""
text = 'down_revision = "y"'
# revision = "z"
