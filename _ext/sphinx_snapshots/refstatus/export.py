"""``references.json``: what the site knows, beside its pages, for other tools.

What is in it is told on the page about this extension. A change that could break a reader raises
``FORMAT``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

from ..kit.files import replace_file
from ..kit.pages import is_website
from .domain import CitationDomain
from .items import CitedItem, collect_items
from .model import one_line
from .urls import make_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.builders import Builder

    from ..kit.pages import Place

FORMAT: Final = 1
FILE_NAME: Final = "references.json"


def export_items(builder: Builder) -> bytes:
    """The content of the file; the module says what it means."""
    domain = CitationDomain.of(builder.env)
    header = domain.snapshot.header
    pages = domain.pages()
    if isinstance(builder, SingleFileHTMLBuilder):
        in_file = builder.env.collect_relations()
        pages = [page for page in pages if page in in_file]
    items = collect_items(domain.cited_here(pages), domain.snapshot.status)
    addresses = {docname: _find_address(builder, docname) for docname in pages}
    refreshed = msgspec.json.encode(header.refreshed if header else None)
    lines = b",\n".join(msgspec.json.encode(_export_item(item, addresses)) for item in items)
    head = b'{"format":%d,"refreshed":%b,"items":[\n' % (FORMAT, refreshed)
    return head + lines + b"\n]}\n"


def _export_item(item: CitedItem, addresses: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    status = item.status
    return {
        "key": str(status.reference),
        "names": [str(name) for name in item.names],
        "url": make_url(status.reference, is_pull=bool(status.is_pull)),
        "kind": item.kind,
        "state": status.state,
        "title": one_line(status.title) if status.title else None,
        "opened": status.opened,
        "closed": status.closed,
        "first_release": status.first_release,
        "reverted_by": str(status.reverted_by) if status.reverted_by else None,
        "cited_in": [_export_place(place, *addresses[docname]) for docname, place in item.places],
    }


def _export_place(place: Place, page: str, anchor: str) -> dict[str, str]:
    return {"page": page, "anchor": place.anchor or anchor, "title": place.title}


def _find_address(builder: Builder, docname: str) -> tuple[str, str]:
    """The file of a page, and where it starts there."""
    page, _, anchor = builder.get_target_uri(docname).partition("#")
    if isinstance(builder, SingleFileHTMLBuilder):
        page = f"{builder.config.root_doc}{builder.out_suffix}"
    # The first page of a site of folders is the folder in which this file is.
    return page or "./", anchor


def write_export(app: Sphinx, exception: Exception | None) -> None:
    """Write the file after a build that wrote a site."""
    domain, path = CitationDomain.of(app.env), Path(app.outdir, FILE_NAME)
    if exception or not (is_website(app.builder) and domain.settings.export):
        return
    if domain.rewrites.has_news() or not path.exists():
        replace_file(path, export_items(app.builder))
