revision = r'a1\x'
down_revision = R'b\2'
