# -*- coding: utf-8 -*-
"""café"""
revision = "a1"
down_revision = "b2"
