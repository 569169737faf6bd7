"""  add users more\x1c"""
revision = "a1"
down_revision = "b2"
