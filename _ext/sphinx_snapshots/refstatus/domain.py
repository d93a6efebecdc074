"""Which items each page cites, and in which section: found while reading, however written.

Nothing that is noted here depends on the snapshot, so that a doctree does not either.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec
from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from .. import __version__
from ..kit.files import FileError, read_bytes
from ..kit.nodes import EVIDENCE, find_all
from ..kit.pages import PageDomain, Record, place_of, section_of
from ..kit.translation import _
from . import log
from .claims import Says, find_problem, holds, name_overtaken
from .items import Choice, collect_items
from .model import ItemKind, Reference, one_line
from .settings import RefstatusSettings
from .snapshot import IssueRecord, Snapshot, parse
from .urls import ItemLink, make_url, parse_url, short_name
from .warnings import WarningType
from .words import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sphinx.application import Sphinx

    from ..kit.pages import Place
    from .claims import Claim, Written
    from .items import CitedItem
    from .words import Badge

_logger: Final = logging.getLogger(__name__)

#: Set on each link to an item that counts; the value is its `Reference`.
ITEM: Final = "refstatus_item"
#: What `EVIDENCE` is on a link whose address is ours to choose, not one that an author wrote. With
#: an attribute of its own, each of thousands of links would take 400 bytes more: Python doubles a
#: dictionary at the eleventh entry.
ADDRESS_IS_OURS: Final = "address is ours"
#: Set on a link in a list, whose badge no setting makes quiet.
IN_LIST: Final = "refstatus_in_list"
#: Set on a link that shows the item's title after its text.
WITH_TITLE: Final = "refstatus_with_title"
# Settings of Sphinx that say what is shown of the items, or at which address.
_SHOWN_SETTINGS: Final = (
    "project",
    "html_baseurl",
    "html_file_suffix",
    "html_link_suffix",
    "todo_include_todos",
)
#: Sphinx's own: set to False where smart quotes have nothing to do, until the page was read.
NOT_SMART: Final = "support_smartquotes"
# What smart quotes change, or take for a change: quotes, ellipses, dashes, backslashes.
_SMART: Final = re.compile(r"[\"'`.\\]|--")


def make_link(rawtext: str, text: str, link: ItemLink) -> nodes.reference:
    """The link to ``link`` that shows ``text``; a place on the item's page keeps its address."""
    reference, fragment = link
    node = nodes.reference(rawtext, text, refuri=make_url(reference, fragment))
    attributes = node.attributes
    attributes[ITEM], attributes[EVIDENCE] = reference, True if fragment else ADDRESS_IS_OURS
    if not _SMART.search(text):
        attributes[NOT_SMART] = False  # or else much is done to change nothing
    return node


class Overview(nodes.General, nodes.Element):
    """Stands for a list, a summary or the legend until the page is written.

    Attributes: ``form`` (``"list"``, ``"summary"``, ``"legend"`` or ``"log"``); of the first two
    ``choice``, a `Choice`; of a list ``sort`` and ``group``; of a log ``number``, how many entries.
    """


class CitationDomain(PageDomain):
    """Keeps what each page cites, and holds settings and snapshot while a build runs."""

    name = "refstatus"
    label = "tracker items"
    initial_data: ClassVar[dict[str, Any]] = {
        "cited": {},
        "overviews": {},
        "lists": {},
        "logs": {},
        "written": {},
        "claims": {},
        "links": {},
    }
    data_version = 10

    #: Docname to what each of its places cites, as sorted keys. Pages that cite nothing are absent.
    #: Each build loads this, also one with nothing to do, and strings load faster than references.
    cited: dict[str, dict[Place, tuple[str, ...]]]
    #: Docname to the choice of each list and summary on a page that has any, or the legend.
    overviews: dict[str, tuple[Choice, ...]]
    #: Docname of each page with a list of all items; the value says nothing.
    lists: dict[str, bool]
    #: The pages that list what changed lately.
    logs: dict[str, bool]
    #: Docname to what was written there while an item had a state.
    written: dict[str, tuple[Written, ...]]
    #: Docname to source file and claim of what its sentences say of items, for the lint.
    claims: dict[str, tuple[tuple[str, Claim], ...]]
    #: Docname to each outside address that its author wrote, with its line (0: unknown).
    links: dict[str, tuple[tuple[str, int], ...]]

    # Not part of the pickled data: set for each build before anything is read.
    settings: RefstatusSettings
    wording: Wording
    #: What the badge of an item says. Pages cite the same items again and again.
    badge: Callable[[Reference], Badge]
    # The content of the file; None if there is none.
    _file: Path
    _content: bytes | None
    _digest: str
    # What refreshes noted, the oldest first.
    log: list[log.Entry]
    #: Whether links get badges in the format that is being written.
    shows_badges: bool
    #: ``"html"``, ``"latex"`` and the like.
    format: str
    #: Whether a build warns of what the items have overtaken; a command that tells of it has that
    #: not done.
    warns_of_texts = True

    def pages(self) -> list[str]:
        """The pages that cite something, in the order in which a reader meets them."""
        return self.in_reading_order(self.cited)

    def cited_here(self, docnames: Iterable[str]) -> Iterator[tuple[str, Place, str]]:
        """Page, place and key of all citations on these pages that this build shows."""
        for docname in docnames:
            for place, keys in self.cited.get(docname, {}).items():
                if self.is_here(place):
                    here = place._replace(only=())
                    for key in keys:
                        yield docname, here, key

    def items(self, choice: Choice) -> list[CitedItem]:
        """The items that a list or summary is about, sorted by item."""
        pages = [choice.page] if choice.page else self.pages()
        items = collect_items(self.cited_here(pages), self.snapshot.status)
        return [item for item in items if choice.takes(item)]

    def records(self) -> Iterator[Record]:
        """Each item: its row in the first list of all, or else the first section that cites it."""
        home = self.settings.repository
        list_page = next(iter(self.in_reading_order(self.lists)), None)
        for item in self.items(Choice()):
            reference = item.status.reference
            title = one_line(item.status.title) if item.status.title else ""
            names = dict.fromkeys(short_name(name, home) for name in (reference, *item.names))
            docname, anchor = list_page, row_anchor(reference)
            if docname is None:
                docname, place = item.places[0]
                anchor = place.anchor
            first, *others = names
            heading = f"{first}: {title}" if title else first
            yield Record("item", docname, anchor, heading, names=tuple(others))

    def facts(self) -> dict[str, str]:
        """How many items the pages cite, and the day on which their states were true."""
        header = self.snapshot.header
        day = header.refreshed.isoformat() if header else ""
        return {"references": str(len(self.items(Choice()))), "refreshed": day}

    def load(self, app: Sphinx) -> None:
        """Read the snapshot, and look at what is in it unless the last build did.

        Without the file the site still builds: every item is then unknown, and one line says what
        to do. That is no warning: a new site has no file yet.

        :raises ExtensionError: the file is there but cannot be used; the message has file and line.
        """
        self.settings = RefstatusSettings.of(app.config)
        self.shows_badges = self.settings.has_badges(app.builder.name)
        self.format = app.builder.format
        self.wording = Wording(app.config.language)
        self.badge = lru_cache(1_000)(lambda item: self.wording.badge(self.snapshot.status(item)))
        self._file = Path(app.srcdir, self.settings.snapshot)
        self.__dict__.pop("snapshot", None)
        self.log, noted = [], b""
        try:
            if self.settings.log and (path := Path(app.srcdir, self.settings.log)).exists():
                noted = read_bytes(path)
                self.log = log.parse(noted, str(path))
            self._content = read_bytes(self._file) if self._file.exists() else None
            self._digest = self._find_digest(app, noted)
            if self._content is None:
                _logger.info(
                    "refstatus: %s does not exist, so every tracker item is shown as unknown; "
                    "to make it, run: refstatus refresh",
                    self._file,
                )
            elif self.settings.max_age is not None or not self.rewrites.knows(app, self._digest):
                self._complain_of_snapshot()
        except FileError as error:
            raise ExtensionError(str(error)) from error

    @cached_property
    def snapshot(self) -> Snapshot:
        """What is known of the items."""
        content, self._content = self._content, None
        return Snapshot.empty() if content is None else parse(content, str(self._file))

    def _complain_of_snapshot(self) -> None:
        for remark in self.snapshot.remarks:
            self._digest = ""  # to warn again in the next build
            WarningType.SNAPSHOT.warn(remark)
        limit, header = self.settings.max_age, self.snapshot.header
        if limit is not None and header and (age := header.age(datetime.now(UTC).date())) > limit:
            message = f"{self._file} is {age} days old, more than refstatus_max_age = {limit}"
            WarningType.AGE.warn(f"{message}; refresh it")

    def _find_digest(self, app: Sphinx, noted: bytes) -> str:
        values = {name: getattr(self.settings, name) for name in self.settings.known()}
        # The order of a set differs from process to process.
        shown = [sorted(v) if isinstance(v, frozenset) else v for v in values.values()]
        of_sphinx = [getattr(app.config, name, None) for name in _SHOWN_SETTINGS]
        text = repr(
            (__version__, shown, of_sphinx, self.format, self.shows_badges, sorted(app.tags))
        )
        digest = hashlib.sha256(text.encode())
        digest.update(self._content or b"")
        digest.update(noted)
        return digest.hexdigest()

    def digest_of_data(self) -> str:
        """The snapshot, and all settings that could show it, or where it is shown, otherwise."""
        return self._digest

    def shown_on(self, docname: str) -> str:
        """What a page shows of the snapshot in links, lists and summaries."""
        keys = sorted({key for keys in self.cited.get(docname, {}).values() for key in keys})
        links = [self._shown_of_link(key, docname) for key in keys]
        overviews = [self._shown_of(choice) for choice in self.overviews.get(docname, ())]
        if docname in self.logs:
            overviews.append(self.log)
        if not links and not overviews:
            return ""
        day = self.snapshot.as_of(None)
        shown = [self.settings.bpo_links, self.shows_badges, day, links, overviews]
        if docname in self.written:
            shown += [self.snapshot.status_of(each.item) for each in self.written[docname]]
        return repr(tuple(shown))

    def complain(self) -> None:
        """Warn of what was written and is no longer so."""
        if not self.warns_of_texts:
            return
        for written, message in self.overtaken(sorted(self.written)):
            WarningType.WRITTEN.warn(message, f"{written.source}:{written.line}")
        for docname in sorted(self.claims):
            for source, claim in self.claims[docname]:
                problem = find_problem(claim, self.snapshot.status_of, self.settings.repository)
                if problem:
                    is_release = claim.says is Says.RELEASE
                    kind = WarningType.RELEASE if is_release else WarningType.PROSE
                    kind.warn(problem, f"{source}:{claim.line}")

    def overtaken(self, docnames: Iterable[str]) -> Iterator[tuple[Written, str]]:
        """What was written on pages while an item had a state that it has no longer, and words."""
        for docname in docnames:
            for written in self.written.get(docname, ()):
                status = self.snapshot.status_of(written.item)
                if not holds(written.state, status):
                    yield written, name_overtaken(written, status, self.settings.repository)

    def _shown_of_link(self, key: str, docname: str) -> object:
        settings, record = self.settings, self.snapshot.records.get(key)
        is_quiet = settings.has_quiet and settings.is_quiet(self.snapshot.status_of(key), docname)
        if isinstance(record, IssueRecord):
            # Most items, and any news has all of them looked at: what makes the badge will do.
            return record.state, record.reason, record.title, record.as_of, is_quiet
        badge = self.badge(Reference.from_key(key))
        status = badge.status
        return str(status.reference), status.is_pull, badge.description, is_quiet

    def _shown_of(self, choice: Choice) -> object:
        items = self.items(choice)
        citing = {page for item in items for page, _ in item.places}
        titles = [(page, self.env.titles[page].astext()) for page in self.pages() if page in citing]
        takers = {item.status.reverted_by for item in items} - {None}
        reverts = sorted(
            (str(each), self.snapshot.status(each).first_release) for each in takers if each
        )
        return self.has_page_of(choice), items, titles, reverts

    def has_page_of(self, choice: Choice) -> bool:
        """Whether there is the page that a list or summary is about."""
        return not choice.page or choice.page in self.env.all_docs


def row_anchor(item: Reference) -> str:
    """The id of an item's row in a list, unless something else on the page has it."""
    return nodes.make_id(str(item))


class AddToIndex(SphinxTransform):
    """Adds the items that each section cites to the general index, where the site wants that."""

    # Behind docutils' Contents (720), which counts the children of a section; before the index is
    # collected with the domains (850).
    default_priority = 845

    def apply(self, **kwargs: Any) -> None:
        settings = CitationDomain.of(self.env).settings
        if not settings.index:
            return
        by_section: dict[nodes.section, set[Reference]] = {}
        known: dict[nodes.Node, Place] = {}
        for node in _links_to_items(self.document, settings):
            section = section_of(node)
            # Builds share what was read: an entry cannot be for those only that show the section.
            if section is not None and not place_of(node, known).only:
                by_section.setdefault(section, set()).add(node[ITEM])
        for section, items in by_section.items():
            # Nobody looks for a commit by its hash.
            numbered = sorted(item for item in items if item.kind is not ItemKind.COMMIT)
            if not numbered:
                continue
            group = _("issues and pull requests")
            # A semicolon would split an entry in two.
            names = [short_name(i, settings.repository).replace(";", " ") for i in numbered]
            anchor = place_of(section, known).anchor
            entries = [("single", f"{group}; {name}", anchor, "", None) for name in names]
            # Behind the heading, so that the section still starts with it.
            section.insert(1, addnodes.index(entries=entries))


def note_items(app: Sphinx, document: nodes.document) -> None:
    """Mark each link to an item, and note what a page cites and what its lists choose.

    This is done when a page was read, so that links count which another extension made then.
    """
    domain = CitationDomain.of(app.env)
    docname = app.env.docname
    known: dict[nodes.Node, Place] = {}
    places: dict[Place, set[str]] = {}
    for node in _links_to_items(document, domain.settings):
        _mend_separator(node)
        node.attributes.pop(NOT_SMART, None)
        places.setdefault(place_of(node, known), set()).add(str(node[ITEM]))
    if places:
        domain.cited[docname] = {place: tuple(sorted(keys)) for place, keys in places.items()}
    if docname in domain.overviews:
        overviews = document.findall(Overview)
        choices = [_note_sections(node) for node in overviews if "choice" in node]
        domain.overviews[docname] = tuple(choices)
        if any(
            node["form"] == "list" and node["choice"] == Choice()
            for node in document.findall(Overview)
        ):
            domain.lists[docname] = True


def _links_to_items(
    document: nodes.document, settings: RefstatusSettings
) -> Iterator[nodes.reference]:
    """The links of a page to items that count, marked as such."""
    return (node for node in find_all(document, nodes.reference) if mark_item(node, settings))


def address_of(node: nodes.reference) -> str:
    """Where a link leads; empty where another extension left it without an address.

    An address that is None is one that is not there: Sphinx's own writers take it so.
    """
    return str(node.attributes.get("refuri") or "")


def mark_item(node: nodes.reference, settings: RefstatusSettings) -> bool:
    """Whether this is a link to an item that counts; if so, it is marked as such."""
    attributes = node.attributes
    item: Reference | None = attributes.get(ITEM)
    if item is None and (link := parse_url(address_of(node), settings.hosts)):
        item = link.reference
    # Sphinx repeats the address of a link in a footnote (``latex_show_urls``), which has no badge.
    if item is None or attributes.get(EVIDENCE) is False or attributes.get("nolinkurl"):
        return False
    attributes.setdefault(EVIDENCE, True)
    if not settings.counts(item):
        attributes.pop(ITEM, None)
        return False
    attributes[ITEM] = item
    return True


def _mend_separator(node: nodes.reference) -> None:
    """Make real text of the comma that sphinx-issues writes behind a link for HTML only.

    Its roles put raw HTML between two links, which every other format leaves out
    (``IssueRole.__call__`` in sphinx-issues 6.0.0).
    """
    siblings = node.parent.children
    place = siblings.index(node) + 1
    if place + 1 < len(siblings) and isinstance(siblings[place + 1], nodes.reference):
        raw = siblings[place]
        if isinstance(raw, nodes.raw) and raw.get("format") == "html" and raw.astext() == ", ":
            node.parent[place] = nodes.Text(", ")


def _note_sections(node: Overview) -> Choice:
    """The choice of a list or summary, with the section around it where only that counts."""
    choice: Choice = node["choice"]
    if choice.sections is not None:
        around = section_of(node)
        inner = around.findall(nodes.section) if around else ()
        found = tuple(anchor for section in inner for anchor in section["ids"])
        choice = node["choice"] = msgspec.structs.replace(choice, sections=found or ("",))
    return choice
