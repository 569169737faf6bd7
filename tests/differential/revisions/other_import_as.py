from project.names import revision as other, down_revision as another
revision = "a1"
down_revision = "b2"
