# coding: koi8-r
"""мир"""
revision = "a1"
down_revision = "b2"
