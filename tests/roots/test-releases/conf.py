"""A site whose pages say what each release changed."""

project = copyright = "releases"
version = "1"
extensions = [
    "sphinx_snapshots.behavior",
    "sphinx_snapshots.refstatus",
    "sphinx_snapshots.releases",
]
refstatus_repository = "python/cpython"
refstatus_snapshot = "_data/references.jsonl"
