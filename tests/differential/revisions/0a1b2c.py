"""id from the name"""
down_revision = None
