"""``changes.atom``: what became of the cited items, newest first, for readers of feeds.

The days are those of the snapshot, so a build changes the file only where the snapshot has changed.
No package for feeds brings anything here: the ones that are kept need a parser of XML in C.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from posixpath import join
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from ..kit.files import replace_file
from ..kit.pages import is_website
from .domain import CitationDomain
from .items import Choice
from .model import State, one_line
from .urls import make_url, short_name
from .words import name_state

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from .items import CitedItem

FILE_NAME: Final = "changes.atom"

_ATOM: Final = "http://www.w3.org/2005/Atom"
# A feed is for news; all items are on the page of references.
_MOST_ENTRIES: Final = 40


def make_feed(domain: CitationDomain, title: str, address: str) -> bytes:
    """The content of the file.

    :param address: where the site is served; empty if that is not known.
    """
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    # As Sphinx joins them: there need be no slash at the end.
    feed = join(address, FILE_NAME) if address else f"urn:uuid:{uuid5(NAMESPACE_URL, title)}"
    _add(root, "id", feed)
    _add(root, "title", title)
    if address:
        _add(root, "link", rel="self", href=feed)
        _add(root, "link", href=address)
    header = domain.snapshot.header
    dated = [
        (item.status.closed, item)
        for item in domain.items(Choice())
        # A commit was made, and that is all.
        if item.status.closed and item.status.state is not State.COMMIT
    ]
    dated.sort(key=lambda pair: (pair[0], str(pair[1].status.reference)), reverse=True)
    _add(root, "updated", _time(header.refreshed if header else date(1970, 1, 1)))
    _add(_add(root, "author"), "name", title)
    for day, item in dated[:_MOST_ENTRIES]:
        _add_entry(root, item, day, domain.settings.repository)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_entry(root: ElementTree.Element, item: CitedItem, day: date, home: str) -> None:
    status = item.status
    url = make_url(status.reference, is_pull=bool(status.is_pull))
    entry = _add(root, "entry")
    # Another state of the item is another entry.
    _add(entry, "id", f"{url}#{status.state.replace(' ', '-')}-{day.isoformat()}")
    name = f"{short_name(status.reference, home)}: {name_state(status.state)}"
    _add(entry, "title", f"{name}: {one_line(status.title)}" if status.title else name)
    _add(entry, "link", href=url)
    _add(entry, "updated", _time(day))


def _add(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def write_feed(app: Sphinx, exception: Exception | None) -> None:
    """Write the file after a build that wrote a site."""
    domain, path = CitationDomain.of(app.env), Path(app.outdir, FILE_NAME)
    if exception or not (is_website(app.builder) and domain.settings.feed):
        return
    if domain.rewrites.has_news() or not path.exists():
        replace_file(path, make_feed(domain, app.config.project, app.config.html_baseurl))
