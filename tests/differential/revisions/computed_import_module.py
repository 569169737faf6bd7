revision = "a1"
down_revision = "b2"
import project.names as depends_on
