("""add users"""
 " and more")
revision = "a1"
down_revision = "b2"
