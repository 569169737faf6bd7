# coding: rot13
revision = "a1"
down_revision = "b2"
