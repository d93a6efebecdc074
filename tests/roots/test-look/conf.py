"""One page with everything that a page of this site may show, in the look of this site.

The look is that of the site: its settings, templates and styles. The records of items and probes
come from the other test sites.
"""

import os
import runpy

root = os.environ["TEST_ROOT"]
site = runpy.run_path(f"{root}/conf.py")

project = copyright = "look"
version = "1"
extensions = [
    "sphinx_copybutton",
    "sphinx_snapshots.behavior",
    "sphinx_snapshots.diagrams",
    "sphinx_snapshots.refstatus",
    "sphinx_snapshots.releases",
    "sphinx_snapshots.search",
    "sphinx_snapshots.website",
]
html_theme = site["html_theme"]
html_static_path = [f"{root}/_static"]
html_css_files = site["html_css_files"]
html_js_files = site["html_js_files"]
templates_path = [f"{root}/_templates"]
website_joined = site["website_joined"]
website_only_with = site["website_only_with"]
website_shrunk = site["website_shrunk"]
website_template_changes = site["website_template_changes"]
website_unused = site["website_unused"]
copybutton_exclude = site["copybutton_exclude"]
highlight_language = site["highlight_language"]
behavior_series = ["3.11", "3.12", "3.13", "3.14"]
diagrams_directory = "drawings"
refstatus_log = "_data/log.jsonl"
refstatus_repository = "python/cpython"
suppress_warnings = ["behavior.uncited"]
