"""Search by section: in the browser, while typing, without a server.

A build writes one file with a record for each section, term, message and for what the other
extensions of this package show. A small script loads it when a reader enters a search field; each
form with ``role="search"`` and a field ``q`` is one. Without the script, or where the file cannot
be had, the form leads to Sphinx's own search page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from .. import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_SCRIPT_FILE: Final = "snapshots-search.js"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.search``."""
    app.require_sphinx("7.2")
    from ..kit.pages import add_page_domain, add_static_folder
    from ..kit.settings import add_settings
    from .domain import SearchDomain
    from .export import write_records
    from .settings import SearchSettings

    add_settings(app, SearchSettings)
    add_page_domain(app, SearchDomain)
    add_static_folder(app, Path(__file__).with_name("static"))
    app.connect("builder-inited", add_script)
    app.connect("build-finished", write_records)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def add_script(app: Sphinx) -> None:
    """Load the script on every page of a site with a search; it loads the rest when needed."""
    from .export import has_search

    if has_search(app.builder):
        app.add_js_file(_SCRIPT_FILE, loading_method="defer")
