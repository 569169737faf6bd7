from project.names import revision, down_revision
revision = "a1"
down_revision = "b2"
