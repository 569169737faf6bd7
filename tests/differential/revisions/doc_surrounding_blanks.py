"""   

   add users   
   more

   last
   """
revision = "a1"
down_revision = "b2"
