#!/usr/bin/python
# vim: set fileencoding=iso-8859-1 :
"""café"""
revision = "a1"
down_revision = "b2"
