revision = "x"
down_revision = f()if 0 else"c3"
revision = "a1"
down_revision = "b2"
