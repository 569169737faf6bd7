# coding: cp1252
"""“café” €"""
revision = "a1"
down_revision = "b2"
