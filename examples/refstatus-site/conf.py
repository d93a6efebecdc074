project = "A site with references"
author = "its authors"

extensions = ["myst_parser", "sphinx_snapshots.refstatus"]

# Whose items "gh-84692" and "#84692" are: here goes your own repository.
refstatus_repository = "python/cpython"

# In the changelog, "#84692" in prose is an item too, and what is merged needs no badge.
refstatus_number_pages = {"changes": "python/cpython"}
refstatus_quiet_states = ["merged", "commit"]

exclude_patterns = ["_build", ".venv", "requirements.txt"]
html_theme = "alabaster"
