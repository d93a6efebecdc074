"""A site with one of each thing that readers may look for."""

project = copyright = "search"
version = "1"
html_theme = "basic"
extensions = [
    "sphinx_snapshots.refstatus",
    "sphinx_snapshots.releases",
    "sphinx_snapshots.search",
]
refstatus_repository = "python/cpython"
refstatus_snapshot = "_data/references.jsonl"
snapshots_search_page_weights = {"mes*": 0.5}
snapshots_search_row_pages = ["messages"]
