revision = '\x61\61\u0031\U00000031'
down_revision = 'b\t2\
'
