revision = 'a1'
down_revision = f'b2'
