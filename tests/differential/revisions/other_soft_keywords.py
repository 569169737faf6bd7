match = 1
case = 2
type = 3
_ = 4
match, case = case, match
print = type
revision = "a1"
down_revision = "b2"
