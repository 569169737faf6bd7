"""add	users
	one
	  two
  	three
"""
revision = "a1"
down_revision = "b2"
