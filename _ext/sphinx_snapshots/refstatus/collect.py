"""Which items each page cites, and in which section: found while reading, however written.

Nothing here looks at the snapshot, so that a doctree does not depend on it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform

from ..kit.pages import PageDomain, Place, add_page_domain, place_of, section_of
from .model import ItemKind, Reference
from .roles import ITEM
from .snapshot import Snapshot, SnapshotError, read
from .urls import parse_url, short_name
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

#: Key of an item to the sections of one page that cite it, in their order.
PageCitations: TypeAlias = dict[str, tuple[Place, ...]]


class CitationDomain(PageDomain):
    """Keeps what each page cites, and holds the snapshot while a build runs."""

    name = "refstatus"
    label = "tracker items"
    initial_data: ClassVar[dict[str, Any]] = {"cited": {}, "overviews": {}}
    data_version = 3

    # Not part of the pickled data: set for each build before anything is read.
    snapshot: Snapshot = Snapshot.empty()
    #: Whether links get badges in the format that is being written.
    shows_badges: bool = True
    #: Whether that format is one of HTML.
    writes_html: bool = False

    @property
    def cited(self) -> dict[str, PageCitations]:
        """Docname to what the page cites; pages that cite nothing are absent."""
        cited: dict[str, PageCitations] = self.data["cited"]
        return cited

    @property
    def overviews(self) -> dict[str, bool]:
        """The pages that show a list, a summary or the legend; the value is always True."""
        overviews: dict[str, bool] = self.data["overviews"]
        return overviews

    def load(self, app: Sphinx) -> None:
        """Read the snapshot.

        Without the file the site still builds: every item is then unknown, and one warning says so.

        :raises ExtensionError: the file is there but cannot be used; the message has file and line.
        """
        wanted = app.config.refstatus_badges
        self.shows_badges = wanted if isinstance(wanted, bool) else app.builder.name in wanted
        self.writes_html = app.builder.format == "html"
        path = Path(app.srcdir, app.config.refstatus_snapshot)
        if not path.exists():
            self.snapshot = Snapshot.empty()
            message = f"{path} does not exist: every tracker item is shown as unknown"
            WarningType.SNAPSHOT.warn(message)
            return
        try:
            self.snapshot = read(path)
        except SnapshotError as error:
            raise ExtensionError(str(error)) from error
        for remark in self.snapshot.remarks:
            WarningType.SNAPSHOT.warn(remark)
        _warn_of_age(self.snapshot, path, app.config.refstatus_max_age)


def _warn_of_age(snapshot: Snapshot, path: Path, limit: int | None) -> None:
    if limit is None or snapshot.header is None:
        return
    age = snapshot.header.age(datetime.now(UTC).date())
    if age > limit:
        message = f"{path} is {age} days old, more than refstatus_max_age = {limit}; refresh it"
        WarningType.AGE.warn(message)


def _mark_items(
    document: nodes.document, config: Config
) -> Iterator[tuple[nodes.reference, Reference]]:
    """The links of a page that lead to an item of a repository that counts, marked as such."""
    names = (*config.refstatus_repositories, config.refstatus_repository)
    counting = frozenset(name.lower() for name in names)
    for node in document.findall(nodes.reference):
        reference = _item_of(node)
        if reference is None:
            continue
        if "*" in counting or reference.kind is ItemKind.BPO or reference.repository in counting:
            node[ITEM] = sys.intern(str(reference))
            yield node, reference
        else:
            node.attributes.pop(ITEM, None)


def _item_of(node: nodes.reference) -> Reference | None:
    key = node.get(ITEM)
    if key is not None:
        return Reference.from_key(key)
    link = parse_url(node.get("refuri", ""))
    return None if link is None else link.reference


class MendSeparators(SphinxTransform):
    """Makes real text of the commas that sphinx-issues writes for HTML only.

    Its roles put raw HTML between two links, which every other format leaves out
    (``IssueRole.__call__`` in sphinx-issues 6.0.0).
    """

    default_priority = 680

    def apply(self, **kwargs: Any) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if raw.get("format") == "html" and raw.astext() == ", " and _joins_links(raw):
                raw.parent.replace(raw, nodes.Text(", "))


def _joins_links(node: nodes.Element) -> bool:
    siblings = node.parent.children
    index = siblings.index(node)
    neighbors: Iterable[nodes.Node] = (
        *siblings[index - 1 : index],
        *siblings[index + 1 : index + 2],
    )
    return all(isinstance(n, nodes.reference) and parse_url(n.get("refuri", "")) for n in neighbors)


class CollectItems(SphinxTransform):
    """Marks each link to an item, notes where the page cites it, and adds it to the index."""

    # After the text has its links (680), before the index is collected with the domains (850).
    default_priority = 690

    def apply(self, **kwargs: Any) -> None:
        by_section: dict[nodes.section | None, dict[Reference, None]] = {}
        for node, reference in _mark_items(self.document, self.config):
            by_section.setdefault(section_of(node), {})[reference] = None
        places: dict[Reference, list[Place]] = {}
        for section, items in by_section.items():
            place = place_of(section)
            for item in items:
                places.setdefault(item, []).append(place)
            if section is not None and self.config.refstatus_index:
                self._add_to_index(section, place.anchor, sorted(items))
        if places:
            CitationDomain.of(self.env).cited[self.env.current_document.docname] = {
                sys.intern(str(item)): tuple(places[item]) for item in sorted(places)
            }

    def _add_to_index(self, section: nodes.section, anchor: str, items: list[Reference]) -> None:
        home = self.config.refstatus_repository
        entries = [("single", _index_text(item, home), anchor, "", None) for item in items]
        # Behind the heading, so that the section still starts with it.
        section.insert(1, addnodes.index(entries=entries))


def _index_text(item: Reference, home: str) -> str:
    name = short_name(item, home)
    # A semicolon would split the entry in two.
    return name.replace(";", " ") if item.kind is not ItemKind.COMMIT else f"commit {name}"


def mend_separators(app: Sphinx, config: Config) -> None:
    """Have the commas of sphinx-issues mended, where that is in use."""
    if "sphinx_issues" in app.extensions:
        app.add_transform(MendSeparators)


def setup(app: Sphinx) -> None:
    """Register the domain and the transforms."""
    add_page_domain(app, CitationDomain)
    app.add_transform(CollectItems)
    # By then all extensions are known.
    app.connect("config-inited", mend_separators)
