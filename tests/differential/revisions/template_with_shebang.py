#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""café"""
revision = "a1"
down_revision = "b2"
branch_labels = None
depends_on = None
