"""Sphinx configuration of the knowledge base. Declarative: what needs code lives in ``_ext``."""

import os
from urllib.parse import urlsplit

project = "CPython Subinterpreters and Finalization"
author = "the contributors"
copyright = "the contributors. Text: CC BY 4.0. Code: MIT"
# The newest CPython series that the notes speak of.
version = release = "3.15"
language = "en"

extensions = [
    "sphinx.ext.extlinks",
    "sphinx.ext.intersphinx",
    "myst_parser",
    "notfound.extension",
    "sphinx_copybutton",
    "sphinx_issues",
    "sphinx_last_updated_by_git",
    "sphinx_snapshots.behavior",
    "sphinx_snapshots.diagrams",
    "sphinx_snapshots.names",
    "sphinx_snapshots.refstatus",
    "sphinx_snapshots.releases",
    "sphinx_snapshots.search",
]

nitpicky = True
show_warning_types = True
exclude_patterns = ["_build", "_ext", ".*", "README.md", "examples", "probes", "tests"]
highlight_language = "none"
suppress_warnings = [
    # A source archive and a shallow clone cannot tell when a page last changed; the pages then
    # have no date.
    "git.command_not_found",
    "git.subprocess_error",
    "git.too_shallow",
]

# References -------------------------------------------------------------------

# Names in the Python documentation come from a committed copy of its inventory: no build uses the
# network.
intersphinx_mapping = {"python": ("https://docs.python.org/3.15/", "_data/python.inv")}

issues_default_group_project = "python/cpython"
# The default leads to GitHub Sponsors, which redirects for most people.
issues_user_uri = "https://github.com/{user}"
refstatus_snapshot = "_data/references.jsonl"
refstatus_log = "_data/reference-changes.jsonl"
refstatus_repository = "python/cpython"
refstatus_index = True
refstatus_export = True
refstatus_bpo_links = "github"
refstatus_links = "_data/links.jsonl"
refstatus_link_rules = "_data/linkcheck.toml"
linkcheck_timeout = 15
linkcheck_rate_limit_timeout = 60.0
refstatus_lint = True

# CPython's source files at a release tag: :source:`Python/import.c <v3.13.0/Python/import.c>`.
extlinks = {"source": ("https://github.com/python/cpython/blob/%s", "%s")}

# Changes by release -----------------------------------------------------------

releases_groups = {
    "python": "For Python code",
    "embedding": "For programs that embed Python",
    "extensions": "For extension modules",
    "exit": "At exit",
    "": "Inside CPython",
}

# Diagrams ---------------------------------------------------------------------

diagrams_directory = "_data/diagrams"

# Behavior ---------------------------------------------------------------------

behavior_results = "_data/behavior.jsonl"
behavior_series = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"]
# Whose sections are asked for probes, but for those under these headings.
behavior_pages = ["subinterpreters/*", "finalization/*"]
behavior_other_headings = ["History", "Open questions", "See also", "Sources"]

# Names and messages in the general index ---------------------------------------

names_pages = ["subinterpreters/*", "finalization/*"]
names_messages = ["messages"]

# Search -----------------------------------------------------------------------

# The notes count most; what is said about this site, least.
snapshots_search_page_weights = {
    "behavior/extension": 0.5,
    "behavior/*": 0.5,
    "CONTRIBUTING": 0.5,
    "index": 0.5,
    "refstatus*": 0.5,
    "references*": 0.5,
    "releases": 0.8,
    "use-refstatus": 0.5,
}
snapshots_search_minor_headings = [
    "Behavior by version",
    "Open questions",
    "See also",
    "Sources",
]
snapshots_search_row_pages = ["messages"]
snapshots_search_synonyms = [
    ["crash", "segfault", "abort"],
    ["each", "every", "per"],
    ["end", "close", "destroy", "stop"],
    ["exit", "shutdown", "finalization", "teardown"],
    ["hang", "deadlock", "freeze", "stuck"],
    ["interpreter", "subinterpreter"],
    ["leak", "grow", "remain", "leave", "left"],
    ["pass", "send", "share"],
    ["start", "create", "spawn"],
]

# Markdown pages ---------------------------------------------------------------

myst_heading_anchors = 2

# HTML -------------------------------------------------------------------------

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"loading_method": "defer"})]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
git_last_updated_timezone = "UTC"
copybutton_exclude = ".linenos, .gp, .go"

# Where the pages are served from and where their sources are is known where they are published:
# Read the Docs and GitHub Actions tell by these variables. Elsewhere there are no "edit" links.
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
notfound_urls_prefix = urlsplit(html_baseurl).path or "/"
repository = os.environ.get("READTHEDOCS_GIT_CLONE_URL", "").removesuffix(".git")
if "GITHUB_REPOSITORY" in os.environ:
    repository = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}".format_map(os.environ)
if repository:
    html_theme_options = {
        "source_repository": repository,
        "source_branch": "main",
        "source_directory": "",
    }
