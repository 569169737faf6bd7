"""add users"""
from __future__ import annotations
revision = "a1"
down_revision = "b2"
