revision = "a1"
down_revision = "b2"
def upgrade(): pass
def downgrade(): pass; pass
class A: pass
if 1: pass
else: pass
for x in (): pass
while 0: pass
try: pass
except Exception: pass
finally: pass
with open(__file__) as f: pass
