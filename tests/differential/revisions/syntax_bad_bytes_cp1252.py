# coding: cp1252
# 
revision = "a1"
down_revision = "b2"
