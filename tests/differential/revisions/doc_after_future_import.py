from __future__ import annotations
"""add users"""
revision = "a1"
down_revision = "b2"
