# coding: iso-8859-15
"""café € Šš"""
revision = "a1"
down_revision = "b2"
