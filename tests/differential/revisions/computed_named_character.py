revision = "a1"
down_revision = "\N{LATIN SMALL LETTER B}2"
