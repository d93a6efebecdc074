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
    "sphinx_snapshots.website",
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
refstatus_feed = True
refstatus_bpo_links = "github"
refstatus_links = "_data/links.jsonl"
refstatus_link_rules = "_data/linkcheck.toml"
linkcheck_timeout = 15
linkcheck_rate_limit_timeout = 60.0
refstatus_lint = True
# That a commit is one, its link says already.
refstatus_quiet_states = ["commit"]

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
behavior_export = True
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
html_js_files = ["site.js"]
templates_path = ["_templates"]
website_joined = {
    "all.css": [
        "styles/furo.css",
        "copybutton.css",
        "refstatus.css",
        "behavior.css",
        "site.css",
        "styles/furo-extensions.css",
    ],
    "sphinx.js": ["documentation_options.js", "doctools.js", "sphinx_highlight.js"],
    "all.js": [
        "scripts/furo.js",
        "snapshots-search.js",
        "behavior.js",
        "late.js",
        "site.js",
    ],
    "copy.js": ["documentation_options.js", "clipboard.min.js", "copybutton.js"],
}
# Sphinx's own search is what is left where ours cannot be loaded.
website_only_with = {"copy.js": 'class="highlight', "sphinx.js": "search.html"}
website_late = {"copy.js": ".highlight"}
# The theme writes it when the pages are written already.
website_shrunk = ["pygments.css"]
# What the theme is ready for and no page has; a test says when one has it.
website_unused = """
    #furo-readthedocs-versions #furo-sidebar-ad-placement .ethical-callout .ethical-sidebar
    .injected .rst-current-version .rst-other-versions .rst-versions .fa-book .fa-caret-down
    .sd-card .sd-card-hover .sd-cards-carousel .sd-shadow-lg .sd-shadow-md .sd-shadow-sm
    .sd-tab-content .shadow .sphinx-bs .announcement .announcement-content .domainindex-jumpbox
    .domainindex-section .eqno .math .math-wrapper .only-dark .only-light .sidebar-brand-text
    .sidebar-logo .sidebar-logo-container .viewcode-back .viewcode-link .admonition-todo
    .text-left .text-center .text-right .toc-backref .option-list .citation
    #this-will-duplicate-information-and-it-is-still-useful-here
""".split()  # noqa: SIM905  a list would be a page long
# A script of the theme takes the class away when the page is read. Styles of the theme ask for any
# class of an element: so browsers look for the styles of the whole page once more. What the class
# was for is in site.css.
website_template_changes = {'<html class="no-js"': "<html"}
# Docnames that were addresses once: a test says when one has to be added.
website_moved_pages = {"subinterpreters/immortal-objects": "subinterpreters/shared-objects"}
# Places that are on another page now, by the page they were on and the one they are on.
website_moved_anchors = {
    f"{old}#{anchor}": f"{new}#{anchor}"
    for old, new, anchors in (
        (
            "finalization/daemon-threads",
            "finalization/guards",
            """
            pep788-guards
            """,
        ),
        (
            "finalization/fatal-errors",
            "finalization/messages-at-exit",
            """
            not-fatal-at-exit
            """,
        ),
        (
            "finalization/sequence",
            "finalization/internals",
            """
            clearing-the-interpreter-step-21 destroying-the-modules-step-16 finalization-functions
            finalization-history finalization-loop finalize-interp-clear finalize-modules
            how-the-order-got-its-shape the-functions-by-version why-3-15-repeats-steps-4-to-8
            """,
        ),
        (
            "finalization/sequence",
            "finalization/subinterpreters",
            """
            end-interpreter py-endinterpreter subinterpreters-at-exit subinterpreters-left-over
            """,
        ),
        (
            "subinterpreters/index",
            "index",
            """
            how-to-read how-to-read-versions-badges-and-evidence
            """,
        ),
        (
            "subinterpreters/interpreters",
            "subinterpreters/life",
            """
            chosen-interpreter
            """,
        ),
        (
            "subinterpreters/limitations",
            "subinterpreters/processes",
            """
            a-fork-by-the-main-interpreter limitations-fork limitations-fork-main
            limitations-processes os-fork other-ways-to-start-a-process
            """,
        ),
        (
            "subinterpreters/limitations",
            "subinterpreters/refused-modules",
            """
            limitations-extensions
            """,
        ),
        (
            "subinterpreters/limitations",
            "subinterpreters/shared-objects",
            """
            limitations-foreign-objects objects-of-another-interpreter
            """,
        ),
        (
            "subinterpreters/module-indexing",
            "subinterpreters/module-state",
            """
            fig-module-state-decision module-lookup
            """,
        ),
        (
            "subinterpreters/multi-phase-init",
            "subinterpreters/refused-modules",
            """
            multi-phase-own-guards multi-phase-refused what-an-isolated-interpreter-refuses
            """,
        ),
        (
            "subinterpreters/per-interpreter-gil",
            "subinterpreters/limitations",
            """
            shared-gil-starvation
            """,
        ),
        (
            "subinterpreters/per-interpreter-gil",
            "subinterpreters/shared-objects",
            """
            shared-singletons
            """,
        ),
        (
            "subinterpreters/per-interpreter-gil",
            "subinterpreters/todo-2020",
            """
            a-check-that-no-object-is-used-by-two-interpreters argument-parsers bz2
            caches-and-free-lists empty-and-one-byte-bytes empty-and-one-character-str enhancements
            gil-timeline heap-types-instead-of-static-types lzma memory-and-reference-counts
            none-true-false-and-ellipsis pymalloc pyunicode-fromid run-string-lets-go-of-the-gil
            six-free-lists static-types-out-of-the-limited-c-api strings-and-singletons
            subprocesses-without-fork the-board the-current-thread-state the-empty-frozenset
            the-free-list-of-dict the-gil-itself the-goal the-method-cache-of-types
            the-workaround-for-bases timeline todo-2020 todo-bases todo-board todo-bytes todo-bz2
            todo-dict-free-list todo-dk-refcnt todo-free-lists todo-fromid todo-frozenset todo-goal
            todo-heap-types todo-hide-types todo-interned todo-lzma todo-method-cache todo-no-gc
            todo-none todo-ownership todo-parser-init todo-pymalloc todo-refcount todo-run-string
            todo-str todo-subprocess todo-tstate workaround-atomic-count-of-dict-keys
            workaround-atomic-reference-counts workaround-no-garbage-collection
            """,
        ),
    )
    for anchor in anchors.split()
}
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
git_last_updated_timezone = "UTC"
copybutton_exclude = ".linenos, .gp, .go"


# EPUB -------------------------------------------------------------------------

# By default each link is followed by its address, in the midst of a sentence.
epub_show_urls = "no"
epub_css_files = [*html_css_files, "book.css"]

# Addresses --------------------------------------------------------------------

# Where the pages are served from and where their sources are is known where they are published:
# Read the Docs and GitHub Actions tell by these variables. Elsewhere there are no "edit" links.
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
notfound_template = "404.html"
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
