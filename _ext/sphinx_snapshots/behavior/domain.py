"""Which probes each page cites and shows: noted while reading, checked in every build."""

from __future__ import annotations

import hashlib
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from docutils import nodes
from sphinx.errors import ExtensionError

from .. import __version__
from ..kit.files import FileError
from ..kit.pages import HasRecord, PageDomain, Place, Record, place_of, section_of
from . import catalog, snapshot
from .model import name_series
from .settings import BehaviorSettings
from .snapshot import Results
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from .model import Probe, Version

# A role or a literal of a claim, and what is shown of it.
_MARKUP: Final = re.compile(r"(?::[\w:+.-]+:)?`+~?([^`]+)`+")

#: Set on text that names a probe that there is not.
UNKNOWN: Final = "behavior_unknown"


class Mark(nodes.inline):
    """Stands where a statement names its probe (attribute ``probe``) until a page is written.

    Attribute ``number``: of the probe's row in the table at the foot of the page.
    """


class Shown(HasRecord, nodes.container):
    """Stands where a probe is shown (attribute ``probe``); holds its details and program."""


class Entry(HasRecord, nodes.container):
    """Stands for a probe's row in a table (attribute ``probe``); holds its claim.

    Attribute ``number``: as the marks of the page have it, or 0.
    """


class Table(nodes.General, nodes.Element):
    """Stands for a table of probes; holds an `Entry` for each row.

    Attributes: ``foot``, whether it stands at the foot of a page, and repeats what the marks above
    it name; ``cites``, whether its rows count as statements. Those at a foot do not, nor do those
    above the probes themselves: they stand there whether a statement names them or not.
    """


class Traceability(nodes.General, nodes.Element):
    """Stands where the pages are listed with the probes that their sections cite."""


class PageNotes(NamedTuple):
    """What is noted of one page.

    :param cited: each statement, and each row of a table, that names a probe: the probe and the
        section, in the order of the page.
    :param shown: ids of the probes that the page shows with program and results.
    :param sections: those that state something in prose; empty on a page that does not count.
    :param is_overview: whether the page shows what all others cite.
    :param claims: of each probe in the table at the foot of the page.
    :param names_unknown: whether the page names a probe that there is not.
    """

    cited: tuple[tuple[str, Place], ...]
    shown: tuple[str, ...]
    sections: tuple[Place, ...]
    is_overview: bool
    claims: tuple[tuple[str, str], ...]
    names_unknown: bool


class BehaviorDomain(PageDomain):
    """Keeps what each page cites and shows, and holds probes and results while a build runs."""

    name = "behavior"
    label = "behavior"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}}
    data_version = 6

    #: Docname to notes, for pages that have any.
    pages: dict[str, PageNotes]

    # Not part of the pickled data: set for each build before anything is read.
    settings: BehaviorSettings
    probes: Mapping[str, Probe] = {}
    results: Results = Results()
    #: Whether a cell of a table may span columns in the format that is being written.
    joins_cells: bool = True
    #: Whether that format is HTML.
    is_html: bool = False
    _digest: str

    def home_of(self, probe: str) -> str | None:
        """The docname of the page that shows a probe; the first of several."""
        return min((name for name, page in self.pages.items() if probe in page.shown), default=None)

    def citations_of(self, probe: str) -> list[tuple[str, Place]]:
        """Docname and section of each statement that names a probe, sorted, each section once."""
        found = (
            (docname, section)
            for docname, page in sorted(self.pages.items())
            for cited, section in page.cited
            if cited == probe
        )
        return list(dict.fromkeys(found))

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note a page that was read."""
        counts = any(fnmatchcase(docname, pattern) for pattern in self.settings.pages)
        notes = PageNotes(
            tuple(
                (node["probe"], place_of(section_of(node)))
                for node in document.findall(nodes.Element)
                if isinstance(node, Mark) or (isinstance(node, Entry) and node.parent["cites"])
            ),
            tuple(node["probe"] for node in document.findall(Shown)),
            tuple(self._stating(document)) if counts else (),
            any(document.findall(Traceability)),
            tuple(
                (entry["probe"], self.probes[entry["probe"]].claim)
                for table in document.findall(Table)
                if table["foot"]
                for entry in table.findall(Entry)
            ),
            any(UNKNOWN in node for node in document.findall(nodes.literal)),
        )
        if any(notes):
            self.pages[docname] = notes

    def _stating(self, document: nodes.document) -> Iterator[Place]:
        """The sections with text of their own, without those of certain headings."""
        untold = {title.casefold() for title in self.settings.other_headings}
        for section in document.findall(nodes.section):
            own = [child for child in section.children if not isinstance(child, nodes.section)]
            if any(isinstance(child, Table) and child["foot"] for child in own):
                continue
            says_something = any(any(child.findall(nodes.paragraph)) for child in own)
            place = place_of(section)
            if says_something and place.title.casefold() not in untold:
                yield place

    def outdated_pages(self) -> list[str]:
        """Those that would be read otherwise now, as probes came or went."""
        return [
            docname
            for docname, page in self.pages.items()
            if page.names_unknown
            or not self.probes.keys() >= {*page.shown, *(probe for probe, _ in page.cited)}
            or any(self.probes[name].claim != claim for name, claim in page.claims)
        ]

    def load(self, app: Sphinx) -> None:
        """Read probes and results.

        :raises ExtensionError: a file cannot be used; the message has file and line.
        """
        self.joins_cells = app.builder.format != "man"
        self.is_html = app.builder.format == "html"
        self.settings = BehaviorSettings.of(app.config)
        results = Path(app.srcdir, self.settings.results)
        try:
            self.probes = catalog.read(Path(app.srcdir, self.settings.probes))
            self.results = snapshot.read(results)
        except FileError as error:
            raise ExtensionError(str(error)) from error
        probes = [
            (name, probe.claim, probe.details, probe.digest) for name, probe in self.probes.items()
        ]
        digest = hashlib.sha256(repr((__version__, self.settings.series, probes)).encode())
        digest.update(results.read_bytes() if results.exists() else b"")
        self._digest = digest.hexdigest()

    def digest_of_data(self) -> str:
        """The results, and of each probe what pages show."""
        return self._digest

    def facts(self) -> dict[str, str]:
        """How many probes there are, and on how many series of releases they are told of."""
        return {"probes": str(len(self.probes)), "series": str(len(self.settings.series))}

    def stale(self, probe: str) -> list[Version]:
        """The versions on which a probe was run before it was changed, oldest first."""
        known = self.probes.get(probe)
        return self.results.stale(probe, known.digest) if known else []

    def records(self) -> Iterator[Record]:
        """Each probe that a page shows: its claim; its anchor has its name."""
        homes: dict[str, str] = {}
        for docname, page in sorted(self.pages.items()):
            for name in page.shown:
                homes.setdefault(name, docname)
        for name, probe in self.probes.items():
            if name in homes:
                claim = _MARKUP.sub(r"\1", probe.claim)
                yield Record("probe", homes[name], probe_anchor(name), claim)

    def complain(self) -> None:
        """Warn of probes that no page cites or shows, and of results that are missing or stale."""
        cited = {probe for page in self.pages.values() for probe, _ in page.cited}
        shown = {probe for page in self.pages.values() for probe in page.shown}
        for name, probe in self.probes.items():
            row = self.results.of(name)
            missing = [series for series in self.settings.series if series not in row]
            place, label = f"{probe.path}:1", f"the probe {name!r}"
            if name not in cited:
                message = f"no statement cites {label}; write :probe:`{name}` behind one"
                WarningType.UNCITED.warn(message, place)
            elif name not in shown:
                message = f"no page shows {label}; write '.. behavior-probes:: {name}' on one"
                WarningType.HOMELESS.warn(message, place)
            if not row and name in cited | shown:
                WarningType.RESULTS.warn(f"{label} has no results; run: make probe", place)
            elif row and missing:
                names = name_series(missing, self.settings.series)
                message = f"{label} has no result for {names}; run: make probe"
                WarningType.SERIES.warn(message, place)
            if stale := self.stale(name):
                versions = ", ".join(map(str, stale))
                message = (
                    f"{label} has changed since it was run on {versions}; run: make "
                    "probe; or, to drop what versions showed that are not on this machine: "
                    f"make probe PROBEOPTS='{name} --anew'"
                )
                WarningType.STALE.warn(message, place)

    def shown_on(self, docname: str) -> str:
        """All that a page shows of probes and results."""
        notes = self.pages.get(docname)
        if notes is None or not (notes.cited or notes.shown or notes.is_overview):
            return ""
        named = dict.fromkeys([*(probe for probe, _ in notes.cited), *notes.shown])
        claims = [self.probes[name].claim for name in named if name in self.probes]
        parts: list[object] = [
            (
                *(name, self.home_of(name), self.stale(name)),
                *(self.results.of(name), self.results.of_debug_builds(name)),
            )
            for name in named
        ]
        parts += [self.citations_of(name) for name in notes.shown]
        if notes.is_overview:
            parts += [sorted(self.pages.items()), list(self.probes)]
        return repr((self.settings.series, claims, parts))


def probe_anchor(probe: str) -> str:
    """The id of a probe on the page that shows it."""
    return f"probe-{probe}"
