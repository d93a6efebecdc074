"""Puts the results where pages show or cite probes: when a page is resolved, for every writer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..kit.pages import Place, add_static_folder
from .collect import BehaviorDomain, Entry, Mark, Shown, Table, Traceability, probe_anchor
from .directives import Program
from .model import Outcome
from .view import columns, ran_on, stretches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from .collect import PageNotes
    from .view import Column, Stretch

__all__ = ["setup"]

_STATIC_FOLDER: Final = Path(__file__).parent / "static"
_CSS_FILE: Final = "behavior.css"
# Widths of the columns, as parts of the whole.
_CLAIM_WIDTH: Final = 36
_SERIES_WIDTH: Final = 8


class FillResults(SphinxPostTransform):
    """Replaces each placeholder by what the results and the other pages say."""

    # After names were linked (10), before the theme puts tables into boxes that scroll (500).
    default_priority = 390

    def run(self, **kwargs: Any) -> None:
        self.domain = BehaviorDomain.of(self.env)
        for mark in list(self.document.findall(Mark)):
            mark.replace_self(self._mark(mark["probe"]))
        for table in list(self.document.findall(Table)):
            table.replace_self(self._table(table))
        for shown in list(self.document.findall(Shown)):
            self._complete(shown)
        for node in list(self.document.findall(Traceability)):
            node.replace_self(list(self._traceability()))

    # The mark behind a statement --------------------------------------------------------

    def _mark(self, probe: str) -> Node:
        row = self.domain.results.of(probe)
        words = f"run on {ran_on(row, self.domain.series)}" if row else "not run yet"
        link = self._link_to(probe, f"({words})")
        link["classes"].append("behavior-mark")
        known = self.domain.probes.get(probe)
        if known is not None:
            link["reftitle"] = known.claim.replace("``", "")
        return link

    # A table of many probes --------------------------------------------------------------

    def _table(self, placeholder: Table) -> nodes.table:
        series = self.domain.series
        widths = [_CLAIM_WIDTH, *(_SERIES_WIDTH for _ in series)]
        group = nodes.tgroup(cols=len(widths))
        group += [nodes.colspec(colwidth=width) for width in widths]
        heads = ["What was run", *map(str, series)]
        group += nodes.thead("", nodes.row("", *(_cell(_text(head)) for head in heads)))
        group += nodes.tbody("", *map(self._row, placeholder.findall(Entry)))
        return nodes.table("", group, classes=["behavior-table"])

    def _row(self, entry: Entry) -> nodes.row:
        probe = entry["probe"]
        cells = [nodes.entry("", *entry.children)]
        for column in columns(self.domain.results.of(probe), self.domain.series):
            if self.domain.joins_cells:
                cell = _cell(*self._seen(probe, column))
                if len(column.series) > 1:
                    cell["morecols"] = len(column.series) - 1
                cells.append(cell)
            else:
                cells += [_cell(*self._seen(probe, column)) for _ in column.series]
        return nodes.row("", *cells)

    def _seen(self, probe: str, column: Column) -> Iterator[Node]:
        if not column.stretches:
            yield _text("no result")
        for number, stretch in enumerate(column.stretches):
            words = _brief(stretch)
            if number:
                words = f"from {stretch.spans[0].first}: {words}"
            elif len(column.stretches) > 1:
                words = f"to {stretch.spans[-1].last}: {words}"
            link = self._link_to(probe, words, stretch.anchor)
            link["classes"] += _classes(stretch)
            yield nodes.paragraph("", "", link)

    # One probe -----------------------------------------------------------------------------

    def _complete(self, shown: Shown) -> None:
        probe = shown["probe"]
        claim, *rest = shown.children
        assert isinstance(claim, nodes.paragraph)
        claim["classes"].append("behavior-claim")
        parts = [claim, self._results(probe), *rest, *self._cited_by(probe)]
        shown.replace_self(
            nodes.container("", *parts, ids=shown["ids"], classes=["behavior-probe"])
        )

    def _results(self, probe: str) -> Node:
        found = stretches(self.domain.results.of(probe))
        if not found:
            return _text("There are no results yet.")
        group = nodes.tgroup(cols=3)
        group += [nodes.colspec(colwidth=width) for width in (25, 15, 60)]
        heads = ("CPython", "Outcome", "Seen")
        group += nodes.thead("", nodes.row("", *(_cell(_text(head)) for head in heads)))
        group += nodes.tbody("", *(_result_row(probe, stretch) for stretch in found))
        return nodes.table("", group, classes=["behavior-results"])

    def _cited_by(self, probe: str) -> Iterator[Node]:
        links = [
            self.domain.link_to_place(docname, section)
            for docname, section in self.domain.citations_of(probe)
        ]
        if links:
            yield nodes.paragraph("", "Cited in ", *_joined(links), nodes.Text("."))

    # All pages -----------------------------------------------------------------------------

    def _traceability(self) -> Iterator[Node]:
        pages = {name: page for name, page in self.domain.pages.items() if page.sections}
        stating = sum(len(page.sections) for page in pages.values())
        proven = sum(len(_with_probe(page)) for page in pages.values())
        cited = {c.probe for page in self.domain.pages.values() for c in page.cited}
        yield nodes.paragraph(
            "",
            f"Probes: {len(self.domain.probes)}, cited by statements: {len(cited)}. Sections that "
            f"state something: {stating}, with a probe: {proven}, without: {stating - proven}.",
        )
        items = [self._page_item(name, pages[name]) for name in self.domain.in_reading_order(pages)]
        # LaTeX stops at a list without items.
        if items:
            yield nodes.definition_list("", *items)

    def _page_item(self, docname: str, page: PageNotes) -> nodes.definition_list_item:
        with_probe = _with_probe(page)
        title = self.domain.link_to_place(docname, Place("", ""))
        count = f": {len(with_probe)} of {len(page.sections)} sections"
        lines = nodes.bullet_list()
        for section, probes in with_probe.items():
            place = self.domain.link(docname, section.anchor, section.title)
            links = [self._link_to(probe, probe) for probe in probes]
            lines += nodes.list_item(
                "", nodes.paragraph("", "", place, nodes.Text(": "), *_joined(links))
            )
        without = [section for section in page.sections if section not in with_probe]
        if without:
            places = [self.domain.link(docname, s.anchor, s.title) for s in without]
            lines += nodes.list_item("", nodes.paragraph("", "without a probe: ", *_joined(places)))
        return nodes.definition_list_item(
            "", nodes.term("", "", title, nodes.Text(count)), nodes.definition("", lines)
        )

    # Links -----------------------------------------------------------------------------------

    def _link_to(self, probe: str, text: str, part: str = "") -> nodes.Element:
        """A link to where a probe is shown, or to one of its results; plain text without one."""
        home = self.domain.home_of(probe)
        if home is None:
            return nodes.inline("", text)
        anchor = probe_anchor(probe)
        return self.domain.link(home, f"{anchor}-{part}" if part else anchor, text)


def _result_row(probe: str, stretch: Stretch) -> nodes.row:
    # Not the row itself: LaTeX labels no rows.
    target = nodes.target("", "", ids=[f"{probe_anchor(probe)}-{stretch.anchor}"])
    outcome = stretch.observation.outcome
    word = nodes.inline("", str(outcome), classes=_classes(stretch))
    versions = nodes.Text(f" ({stretch.versions})")
    return nodes.row(
        "",
        _cell(nodes.paragraph("", "", target, nodes.strong("", stretch.name), versions)),
        _cell(nodes.paragraph("", "", word)),
        _cell(_text(stretch.observation.detail)),
    )


def _brief(stretch: Stretch) -> str:
    """What the cell of a table says: the value seen, or the outcome and the exception's name."""
    outcome, detail = stretch.observation
    match outcome:
        case Outcome.WORKS:
            return detail
        case Outcome.RAISES:
            return f"{outcome} {detail.partition(':')[0]}"
        case _:
            return str(outcome)


def _classes(stretch: Stretch) -> list[str]:
    return ["behavior-outcome", f"behavior-{stretch.observation.outcome}"]


def _with_probe(page: PageNotes) -> dict[Place, list[str]]:
    """The sections of a page that cite a probe, with what they cite, each once."""
    found: dict[Place, dict[str, None]] = {}
    for citation in page.cited:
        if citation.section in page.sections:
            found.setdefault(citation.section, {})[citation.probe] = None
    return {section: list(probes) for section, probes in found.items()}


def _cell(*content: Node) -> nodes.entry:
    return nodes.entry("", *content)


def _text(text: str) -> nodes.paragraph:
    return nodes.paragraph(text, text)


def _joined(parts: Iterable[Node]) -> Iterator[Node]:
    for number, part in enumerate(parts):
        if number:
            yield nodes.Text(", ")
        yield part


# Writers ---------------------------------------------------------------------------------------


def visit_program_html(translator: HTML5Translator, node: Program) -> None:
    """A part of the page that the browser itself unfolds."""
    is_open = " open" if node["open"] else ""
    label = translator.encode(node["label"])
    translator.body.append(
        f'<details class="behavior-program"{is_open}><summary>Program: '
        f"<code>{label}</code></summary>\n"
    )


def depart_program_html(translator: HTML5Translator, node: Program) -> None:
    """See :func:`visit_program_html`."""
    translator.body.append("</details>\n")


def visit_plainly(translator: nodes.NodeVisitor, node: Program) -> None:
    """Other formats show the program itself."""


def setup(app: Sphinx) -> None:
    """Register the transform, the node and its visitors."""
    plainly = (visit_plainly, visit_plainly)
    app.add_node(
        Program,
        html=(visit_program_html, depart_program_html),
        latex=plainly,
        text=plainly,
        man=plainly,
        texinfo=plainly,
    )
    app.add_post_transform(FillResults)
    add_static_folder(app, _STATIC_FOLDER, _CSS_FILE)
