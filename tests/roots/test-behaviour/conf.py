"""A site that shows every outcome of a probe, and cites probes in every way."""

project = copyright = "behaviour"
version = "1"
extensions = ["behaviour"]
behaviour_series = ["3.11", "3.12", "3.13", "3.14"]
behaviour_pages = ["notes*"]
behaviour_other_headings = ["Sources"]
html_theme = "furo"
nitpicky = True
