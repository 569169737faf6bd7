# coding=UTF8
"""café"""
revision = "a1"
down_revision = "b2"
