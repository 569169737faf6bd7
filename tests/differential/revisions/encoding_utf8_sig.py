# coding: utf-8-sig
"""café"""
revision = "a1"
down_revision = "b2"
