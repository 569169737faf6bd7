# coding: us-ascii
"""cafe"""
revision = "a1"
down_revision = "b2"
