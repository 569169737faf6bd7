import project.names as thing
import os.path
revision = "a1"
down_revision = "b2"
