"""A site with diagrams of several kinds, in several kinds of page."""

project = "Diagrams"
author = "nobody"
extensions = ["sphinx_snapshots.diagrams", "myst_parser"]
diagrams_directory = "drawings"
numfig = True
myst_fence_as_directive = ["mermaid"]
exclude_patterns = ["_build"]
suppress_warnings = ["myst.header"]
