match = [1, 2]
match[0] = 5
match: int = 5
revision = "a1"
down_revision = "b2"
case = match
(match)
