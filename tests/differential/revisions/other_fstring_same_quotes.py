revision = "a1"
down_revision = "b2"
x = {"a": 1}
y = f"{x["a"]}"
z = f"{
  x[
   "a"]  # }
}"
