"""   a
   b	c  

	d
"""
revision = "a1"
down_revision = "b2"
