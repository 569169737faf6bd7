'''add "users" and 'more' '' \''' x'''
revision = "a1"
down_revision = "b2"
