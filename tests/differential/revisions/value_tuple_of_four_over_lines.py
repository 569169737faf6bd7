revision = "a1"
down_revision = (
    "b2",
    "c3",
    # a note, with a "quote"
    "d4",
    "e5",
)
