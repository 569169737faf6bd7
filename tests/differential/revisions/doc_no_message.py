"""

Revision ID: a1
Revises: b2
"""
revision = "a1"
down_revision = "b2"
