revision = "a1"
down_revision = "b2"
class Names:
    revision = "x"
    down_revision: str = "y"
    def branch_labels(self): pass
