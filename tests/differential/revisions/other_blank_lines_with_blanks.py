revision = "a1"
down_revision = "b2"
def upgrade():
    x = 1
   
	
    return x
