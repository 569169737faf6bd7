<<<<<<< HEAD
down_revision = "b2"
=======
down_revision = "c3"
>>>>>>> branch
revision = "a1"
