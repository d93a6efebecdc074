"""A page with a table whose rows are counted."""

project = "tally"
extensions = ["tally"]
