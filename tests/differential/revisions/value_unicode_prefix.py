revision = u'a1'
down_revision = U'b2'
