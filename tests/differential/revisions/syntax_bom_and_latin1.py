# coding: latin-1
revision = "a1"
down_revision = "b2"
