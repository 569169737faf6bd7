"""caf\u00e9\t\x41\101\
more\n\nlast"""
revision = "a1"
down_revision = "b2"
