# coding: koi8-r
"""cafe"""
revision = "a1"
down_revision = "b2"
