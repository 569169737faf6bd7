revision = "a1"
down_revision = "b2"
if True: down_revision = "c3"
