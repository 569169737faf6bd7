def upgrade():
	if True:
		pass
	else:
		pass
revision = "a1"
down_revision = "b2"
