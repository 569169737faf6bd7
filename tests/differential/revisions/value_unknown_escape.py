revision = 'a\q1'
down_revision = 'b\82'
