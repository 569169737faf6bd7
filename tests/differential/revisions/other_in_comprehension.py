revision = "a1"
down_revision = "b2"
x = [revision for revision in "abc"]
y = {depends_on: 1 for depends_on in x}
