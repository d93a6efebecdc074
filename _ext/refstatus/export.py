"""``references.json``: what the site knows, beside its pages, for other tools.

Format 1 is an object::

    {
      "format": 1,
      "refreshed": "2026-11-22",            the snapshot's date, or null
      "items": [                            sorted by item
        {
          "key": "python/cpython#84692",
          "names": ["bpo-40512"],           as the site cites it
          "url": "https://github.com/python/cpython/issues/84692",
          "kind": "issue",                  or "pull", "commit", "unknown"
          "state": "completed",             one of the words of the badges
          "title": "…",                     or null, as the next four
          "opened": "2020-05-05",
          "closed": null,
          "first_release": null,
          "reverted_by": null,              a key
          "cited_in": [{"page": "subinterpreters/resources.html", "anchor": "…", "title": "…"}]
        }
      ]
    }

A reader must accept fields that it does not know; a change that could break one raises the number.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from atomicfile import replace_file

from .collect import CitationDomain
from .overview import CitedItem, collect_items, pages_in_order
from .urls import make_url

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

FORMAT: Final = 1
FILE_NAME: Final = "references.json"


def export_items(builder: Builder) -> bytes:
    """The content of the file; the module says what it means."""
    domain = CitationDomain.of(builder.env)
    header = domain.snapshot.header
    items = collect_items(domain.cited, pages_in_order(builder.env), domain.snapshot.status)
    # A line an item: whole items, as Python objects, would take many times the memory.
    lines = b",\n".join(msgspec.json.encode(_export_item(builder, item)) for item in items)
    refreshed = msgspec.json.encode(header.refreshed if header else None)
    start = b'{"format":%d,"refreshed":%b,"items":[\n' % (FORMAT, refreshed)
    return start + lines + b"\n]}\n"


def _export_item(builder: Builder, item: CitedItem) -> dict[str, Any]:
    status = item.status
    return {
        "key": str(status.reference),
        "names": [str(name) for name in item.names],
        "url": make_url(status.reference, is_pull=bool(status.is_pull)),
        "kind": item.kind,
        "state": str(status.state),
        "title": status.title,
        "opened": status.opened,
        "closed": status.closed,
        "first_release": status.first_release,
        "reverted_by": str(status.reverted_by) if status.reverted_by else None,
        "cited_in": [
            {
                "page": builder.get_target_uri(docname),
                "anchor": place.anchor,
                "title": place.title,
            }
            for docname, place in item.places
        ],
    }


def write_export(app: Sphinx, exception: Exception | None) -> None:
    """Write the file after a build that wrote HTML, if it would change."""
    # What lies beside the pages of an EPUB would be taken for a part of the book.
    is_html = app.builder.format == "html" and app.builder.name != "epub"
    if exception is not None or not is_html or not app.config.refstatus_export:
        return
    path = Path(app.outdir, FILE_NAME)
    content = export_items(app.builder)
    if not path.exists() or path.read_bytes() != content:
        replace_file(path, content)


def setup(app: Sphinx) -> None:
    """Write the file at the end of each build."""
    app.add_config_value("refstatus_export", True, "", types=frozenset({bool}))
    app.connect("build-finished", write_export)
