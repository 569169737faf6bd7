revision = "a1"
down_revision = "b2"
revisions = "x"
_revision = "y"
Revision = "z"
down_revision_ = 1
revision1 = 2
