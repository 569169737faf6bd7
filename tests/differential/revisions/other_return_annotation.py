revision = "a1"
down_revision = "b2"
def upgrade() -> "dict[str, int]": pass
def downgrade() -> {"a": 1}: pass
