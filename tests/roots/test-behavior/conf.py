"""A site that shows every outcome of a probe, and cites probes in every way."""

project = copyright = "behavior"
version = "1"
extensions = ["sphinx_snapshots.behavior"]
behavior_series = ["3.11", "3.12", "3.13", "3.14"]
behavior_pages = ["notes*"]
behavior_other_headings = ["Sources"]
html_theme = "furo"
nitpicky = True
