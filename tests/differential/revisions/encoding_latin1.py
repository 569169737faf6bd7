# -*- coding: latin-1 -*-
"""café"""
revision = "aé"
down_revision = "b2"
