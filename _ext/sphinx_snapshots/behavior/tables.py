"""Puts the results where pages show or cite probes: when a page is resolved, for every writer.

At the end stands how results read: which versions showed the same, and in which words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby, starmap
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, assert_never

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..kit.nodes import cell, joined, table, text
from ..kit.pages import Place
from ..kit.translation import _, ngettext
from .domain import BehaviorDomain, Entry, Shown, Table, Traceability, probe_anchor
from .marks import MarkLink, join_marks, strip_space_before
from .matrix import Break, Matrix, MatrixCell, MatrixHead, MatrixRow
from .model import DEBUG, Outcome, Series, name_series
from .snapshot import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docutils.nodes import Node
    from sphinx.writers.html5 import HTML5Translator

    from .directives import Unfoldable
    from .domain import Mark, PageNotes
    from .model import Observation, Version

    #: What a probe showed, series by series.
    Row: TypeAlias = Mapping[Series, tuple[Span, ...]]


# Where a long name of a class may break in a narrow cell.
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class FillResults(SphinxPostTransform):
    """Replaces each placeholder by what the results and the other pages say."""

    # After names were linked (10), before the theme puts tables into boxes that scroll (500).
    default_priority = 390

    def run(self, **kwargs: Any) -> None:
        self.domain = BehaviorDomain.of(self.env)
        for marks in join_marks(self.document):
            marks[-1].replace_self(self._mark(marks))
        for placeholder in list(self.document.findall(Table)):
            placeholder.replace_self(self._table(placeholder))
        for shown in list(self.document.findall(Shown)):
            self._complete(shown)
        for node in list(self.document.findall(Traceability)):
            node.replace_self(list(self._traceability()))

    def _mark(self, marks: Sequence[Mark]) -> Node:
        """One mark for all of a sentence: a sign in HTML, numbers of rows elsewhere."""
        by_probe = {mark["probe"]: mark["number"] for mark in marks}
        if not self.domain.is_html:
            links = (self._link_to(probe, str(number)) for probe, number in by_probe.items())
            return nodes.inline("", "[", *joined(links), nodes.Text("]"))
        strip_space_before(marks[-1])
        probe = next(iter(by_probe))
        return MarkLink(
            refuri=self._address_for_mark(probe),
            label=self._label(by_probe),
            rows=[row_anchor(each) for each in by_probe],
            number=", ".join(map(str, by_probe.values())),
        )

    def _address_for_mark(self, probe: str) -> str:
        """Where a mark leads: to the row of its probe on the same page."""
        home = self.domain.home_of(probe)
        if home and self.domain.is_in_one_file:
            # There several pages would have a row of the same probe.
            return self.domain.address(home, probe_anchor(probe)) or ""
        return f"#{row_anchor(probe)}"

    def _label(self, probes: Iterable[str]) -> str:
        """What a mark says aloud: ``run: crashes on 3.8 to 3.12, works on 3.13 to 3.15``."""
        series = self.domain.settings.series
        told = [outcomes_in_words(self.domain.results.of(probe), series) for probe in probes]
        words = "; ".join(dict.fromkeys(filter(None, told)))
        return _("run: %s") % words if words else _("not run yet")

    def _table(self, placeholder: Table) -> Node:
        series = self.domain.settings.series
        heads = (_("What was run"), *map(str, series))
        entries = list(placeholder.findall(Entry))
        if self.domain.is_html:
            caption = _("What each series did. A cell leads to exact versions and messages.")
            rows = [self._matrix_row(entry, is_foot=placeholder["foot"]) for entry in entries]
            return Matrix("", *rows, heads=heads, caption=caption)
        widths = (36, *(8 for _each in series))
        # Without the last class LaTeX gives each column the room that its longest line would need.
        classes = ["behavior-table", "longtable", "colwidths-given"]
        return table(heads, widths, map(self._row, entries), classes)

    def _matrix_row(self, entry: Entry, *, is_foot: bool) -> MatrixRow:
        probe = entry["probe"]
        cells = []
        debug_builds = different(self.domain.results.of_debug_builds(probe))
        for series, seen in columns(self.domain.results.of(probe), self.domain.settings.series):
            apart = _apart(debug_builds, series, seen)
            looks = dict.fromkeys(_classes(stretch)[-1] for stretch in (*seen, *apart))
            parts = [*self._seen(probe, seen, series), *self._seen_apart(probe, apart)]
            cells.append(MatrixCell("", *parts, width=len(series), looks=list(looks)))
        head = MatrixHead("", *entry.children, number=entry["number"])
        is_target = is_foot and not self.domain.is_in_one_file
        return MatrixRow("", head, *cells, ids=[row_anchor(probe)] if is_target else [])

    def _row(self, entry: Entry) -> nodes.row:
        probe = entry["probe"]
        if entry["number"]:
            claim = entry.children[0]
            assert isinstance(claim, nodes.paragraph)
            claim.insert(0, nodes.Text(f"[{entry['number']}] "))
        cells = [cell(*entry.children)]
        found = columns(self.domain.results.of(probe), self.domain.settings.series)
        debug_builds = different(self.domain.results.of_debug_builds(probe))
        for series, seen in found:
            width = len(series) if self.domain.joins_cells else 1
            for first in range(0, len(series), width):
                spanned = series[first : first + width]
                apart = _apart(debug_builds, spanned, seen)
                cells.append(cell(*self._seen(probe, seen, ()), *self._seen_apart(probe, apart)))
                if width > 1:
                    cells[-1]["morecols"] = width - 1
        return nodes.row("", *cells)

    def _seen(
        self, probe: str, seen: tuple[Stretch, ...], series: Sequence[Series]
    ) -> Iterator[Node]:
        """What a cell says.

        :param series: named before each part, for where no head stands over the cell; or empty.
        """
        where = name_series(series, series, _("%(first)s to %(last)s")) if series else ""
        if not seen:
            yield text(_("no result"))
        for number, stretch in enumerate(seen):
            words = _brief(stretch)
            if number:
                words = _("from %(version)s: %(what)s") % {
                    "version": stretch.spans[0].first,
                    "what": words,
                }
            elif len(seen) > 1:
                words = _("to %(version)s: %(what)s") % {
                    "version": stretch.spans[-1].last,
                    "what": words,
                }
            yield self._seen_in(probe, stretch, words, where)

    def _seen_apart(self, probe: str, debug_builds: Sequence[Stretch]) -> Iterator[Node]:
        for stretch in debug_builds:
            yield self._seen_in(probe, stretch, f"{stretch.name}: {_brief(stretch)}")

    def _seen_in(
        self, probe: str, stretch: Stretch, words: str, where: str = ""
    ) -> nodes.paragraph:
        link = self._link_to(probe, words, stretch.anchor)
        if where:
            parts: list[Node] = [nodes.inline("", f"{where}: ", classes=["behavior-where"])]
            for part in _HUMP.split(words):
                parts += [nodes.Text(part), Break()]
            link.children = []
            link += parts[:-1]
        link["classes"] += _classes(stretch)
        return nodes.paragraph("", "", link)

    def _complete(self, shown: Shown) -> None:
        probe = shown["probe"]
        parts = [*self._results(probe), *shown.children, *self._cited_by(probe)]
        shown.replace_self(nodes.container("", *parts, classes=["behavior-probe"]))

    def _results(self, probe: str) -> Iterator[Node]:
        found = stretches(self.domain.results.of(probe))
        if not found:
            yield text(_("There are no results yet."))
            return
        debug_builds = self.domain.results.of_debug_builds(probe)
        rows = [_result_row(probe, stretch) for stretch in [*found, *different(debug_builds)]]
        yield table(("CPython", _("Outcome"), _("Seen")), (25, 15, 60), rows, ["behavior-results"])
        if same := [version.public for version, seen in debug_builds.items() if seen is None]:
            words = _("Debug builds that show the same as their release: %s.")
            yield text(words % ", ".join(same))
        if stale := self.domain.stale(probe):
            versions = ", ".join(map(str, stale))
            yield text(_("The program has changed since it was run on %s.") % versions)

    def _cited_by(self, probe: str) -> Iterator[Node]:
        if links := list(starmap(self.domain.link_to_place, self.domain.citations_of(probe))):
            before, after = _("Cited in %s.").split("%s")
            yield nodes.paragraph("", before, *joined(links), nodes.Text(after))

    def _traceability(self) -> Iterator[Node]:
        pages = {name: page for name, page in self.domain.pages.items() if page.sections}
        stating = sum(len(page.sections) for page in pages.values())
        proven = sum(len(_with_probe(page)) for page in pages.values())
        cited = {probe for page in self.domain.pages.values() for probe, _ in page.cited}
        yield text(
            _(
                "Probes: %(probes)d, cited by statements: %(cited)d. Sections that state "
                "something: %(stating)d, with a probe: %(proven)d, without: %(unproven)d."
            )
            % {
                "probes": len(self.domain.probes),
                "cited": len(cited),
                "stating": stating,
                "proven": proven,
                "unproven": stating - proven,
            }
        )
        if pages:  # LaTeX stops at a list without items.
            names = self.domain.in_reading_order(pages)
            yield nodes.definition_list("", *(self._page_item(name, pages[name]) for name in names))

    def _page_item(self, docname: str, page: PageNotes) -> nodes.definition_list_item:
        with_probe = _with_probe(page)
        title = self.domain.link_to_place(docname, Place("", ""))
        number = len(page.sections)
        count = ngettext(": %(proven)d of %(n)d section", ": %(proven)d of %(n)d sections", number)
        count %= {"proven": len(with_probe), "n": number}
        lines = nodes.bullet_list()
        for section, probes in with_probe.items():
            links = joined(self._link_to(probe, probe) for probe in probes)
            place = self.domain.link(docname, section.anchor, section.title)
            words = nodes.paragraph("", "", place, nodes.Text(": "), *links)
            lines += nodes.list_item("", words)
        without = [section for section in page.sections if section not in with_probe]
        if places := [
            self.domain.link(docname, section.anchor, section.title) for section in without
        ]:
            words = nodes.paragraph("", _("without a probe: "), *joined(places))
            lines += nodes.list_item("", words)
        term = nodes.term("", "", title, nodes.Text(count))
        return nodes.definition_list_item("", term, nodes.definition("", lines))

    def _link_to(self, probe: str, words: str, part: str = "") -> nodes.Element:
        """A link to where a probe is shown, or to one of its results; plain text without one."""
        if (home := self.domain.home_of(probe)) is None:
            return nodes.inline("", words)
        anchor = probe_anchor(probe)
        return self.domain.link(home, f"{anchor}-{part}" if part else anchor, words)


def _result_row(probe: str, stretch: Stretch) -> nodes.row:
    # Not the row itself: LaTeX labels no rows.
    target = nodes.target("", "", ids=[f"{probe_anchor(probe)}-{stretch.anchor}"])
    outcome = stretch.observation.outcome
    word = nodes.inline("", name_outcome(outcome), classes=_classes(stretch))
    versions = nodes.Text(f" ({', '.join(span.last.public for span in stretch.spans)})")
    return nodes.row(
        "",
        cell(nodes.paragraph("", "", target, nodes.strong("", stretch.name), versions)),
        cell(nodes.paragraph("", "", word)),
        cell(text(stretch.observation.detail)),
    )


def _apart(
    debug_builds: Sequence[Stretch], series: Sequence[Series], seen: Sequence[Stretch]
) -> list[Stretch]:
    """The debug builds of which a cell says something else than of the releases there."""
    told = {_brief(stretch) for stretch in seen}
    return [
        each
        for each in debug_builds
        if each.spans[0].last.series in series and _brief(each) not in told
    ]


def _brief(stretch: Stretch) -> str:
    """What the cell of a table says: the outcome, with the value seen or the exception's name."""
    outcome, detail = stretch.observation
    if outcome is Outcome.RAISES:
        return _("raises %s") % detail.partition(":")[0]
    if outcome is Outcome.WORKS:
        return _("works: %s") % detail
    return name_outcome(outcome)


def name_outcome(outcome: Outcome) -> str:
    """The word that readers see."""
    match outcome:
        case Outcome.WORKS:
            return _("works")
        case Outcome.RAISES:
            return _("raises")
        case Outcome.CRASHES:
            return _("crashes")
        case Outcome.HANGS:
            return _("hangs")
        case Outcome.ABSENT:
            return _("absent")
        case _:
            assert_never(outcome)


def _classes(stretch: Stretch) -> list[str]:
    return ["behavior-outcome", f"behavior-{stretch.observation.outcome}"]


def _with_probe(page: PageNotes) -> dict[Place, list[str]]:
    """The sections of a page that cite a probe, with what they cite, each once."""
    found: dict[Place, list[str]] = {}
    for probe, section in dict.fromkeys(page.cited):
        if section in page.sections:
            found.setdefault(section, []).append(probe)
    return found


# Writers ---------------------------------------------------------------------------------------


def visit_unfoldable(translator: HTML5Translator, node: Unfoldable) -> None:
    """A part of the page that the browser itself unfolds."""
    words = translator.encode(_("Program: "))
    translator.body.append(
        f'<details class="behavior-program"><summary>{words}'
        f"<code>{translator.encode(node['label'])}</code></summary>\n"
    )


def depart_unfoldable(translator: HTML5Translator, node: Unfoldable) -> None:
    """See :func:`visit_unfoldable`."""
    translator.body.append("</details>\n")


#: Other formats show the program itself.
PLAINLY: Final = (lambda translator, node: None, lambda translator, node: None)


# How results read -----------------------------------------------------------------------------


class Stretch(NamedTuple):
    """Neighboring versions that showed the same.

    :param spans: one or more, in the order of versions, each of one series or a part of it.
    :param name: ``"3.8"``, ``"3.8 to 3.12"``; with exact versions where a series changed within:
        ``"3.8 to 3.12.4"``, ``"3.12.6 to 3.15"``, ``"3.12 up to 3.12.4"``, ``"3.12 from 3.12.6"``.
        A debug build stands alone: ``"3.15 debug build"``.
    """

    spans: tuple[Span, ...]
    name: str

    @property
    def observation(self) -> Observation:
        """What all of them showed."""
        return self.spans[0].observation

    @property
    def anchor(self) -> str:
        """What tells the stretch from the others of its probe, in an address: ``"3-8"``."""
        first, last, _ = self.spans[0]
        debug = f"-{DEBUG}" if last.is_debug else ""
        return str(first or last.series).replace(".", "-") + debug


def stretches(row: Row) -> list[Stretch]:
    """The results of a probe, with neighbors that showed the same taken together."""
    spans = [span for _, parts in sorted(row.items()) for span in parts]
    groups = [tuple(group) for _, group in groupby(spans, key=lambda span: span.observation)]
    cuts = [*(group[0].first is not None for group in groups[1:]), False]
    return [
        Stretch(group, _name(group, is_cut=is_cut))
        for group, is_cut in zip(groups, cuts, strict=False)
    ]


def different(debug_builds: Mapping[Version, Observation | None]) -> list[Stretch]:
    """The debug builds that showed something else than their release, each alone."""
    return [
        Stretch((Span(None, version, seen),), f"{version.series} debug build")
        for version, seen in debug_builds.items()
        if seen is not None
    ]


def _name(spans: Sequence[Span], *, is_cut: bool) -> str:
    """See `Stretch`; ``is_cut`` says whether the last series changed after these spans."""
    first, last = spans[0], spans[-1]
    if len(spans) > 1 or (first.first and is_cut):
        start = first.first or first.last.series
        return _("%(first)s to %(last)s") % {
            "first": start,
            "last": last.last if is_cut else last.last.series,
        }
    names = {"series": first.last.series, "first": first.first, "last": first.last}
    if first.first:
        return _("%(series)s from %(first)s") % names
    return _("%(series)s up to %(last)s") % names if is_cut else str(first.last.series)


def columns(
    row: Row, series: Sequence[Series]
) -> list[tuple[tuple[Series, ...], tuple[Stretch, ...]]]:
    """The cells of a probe's row in a table whose columns are ``series``.

    :returns: of each cell the neighboring series that it spans, of which it says the same, and what
        was seen there: usually one stretch; several where a series changed within; none where there
        is no result.
    """
    by_series: defaultdict[Series, list[Stretch]] = defaultdict(list)
    for stretch in stretches(row):
        for one in {span.last.series for span in stretch.spans}:
            by_series[one].append(stretch)

    def words(one: Series) -> object:
        # Stretches may differ by a message that no cell has room for.
        here = by_series[one]
        return _brief(*here) if len(here) == 1 else here

    groups = [tuple(group) for _key, group in groupby(series, key=words)]
    return [(group, tuple(by_series[group[0]])) for group in groups]


def outcomes_in_words(row: Row, series: Sequence[Series]) -> str:
    """On which of ``series`` the program did what: ``"raises on 3.8, works on 3.9 to 3.15"``.

    Of a series that changed within, that is what its last version did. Series that lack the thing
    are left out, if others have it. Empty without results.
    """
    by_outcome: dict[Outcome, list[Series]] = {}
    for one in series:
        if one in row:
            by_outcome.setdefault(row[one][-1].observation.outcome, []).append(one)
    if len(by_outcome) > 1:
        by_outcome.pop(Outcome.ABSENT, None)
    span, last_two = _("%(first)s to %(last)s"), _("%(before)s and %(last)s")
    return ", ".join(
        _("%(outcome)s on %(series)s")
        % {
            "outcome": name_outcome(outcome),
            "series": name_series(found, series, span, last_two),
        }
        for outcome, found in by_outcome.items()
    )


def row_anchor(probe: str) -> str:
    """The id of a probe's row at the foot of a page."""
    return f"run-{probe}"
