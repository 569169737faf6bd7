# coding: ISO_8859-1
"""café"""
revision = "a1"
down_revision = "b2"
