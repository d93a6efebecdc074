"""The directives ``refstatus-list``, ``-summary`` and ``-legend``: all items at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from .badges import make_badge
from .collect import ITEM, citation_domain, section_of
from .model import ItemKind, Reference, State, Status, one_line
from .overview import STATE_ORDER, CitedItem, collect_items, count_states, pages_in_order
from .roles import MADE_BY_ROLE
from .urls import make_url, short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.util.typing import OptionSpec
    from sphinx.writers.html5 import HTML5Translator

KINDS: Final = ("issue", "pull", "commit", "unknown")
#: ``:page:`` of a directive that speaks of the page it stands on.
THIS_PAGE: Final = "this"
#: Class of the table that the filter script looks for.
TABLE_CLASS: Final = "refstatus-list"

_SCRIPT_FILE: Final = "refstatus.js"


class Overview(nodes.General, nodes.Element):
    """Placeholder for a list or a summary until the page is resolved.

    Attributes: ``form`` (``"list"`` or ``"summary"``), ``kinds``, ``states`` (empty: all),
    ``page`` (docname; empty: the whole site), ``section`` (whether only the items count that the
    section around it cites).
    """


def _choice_list(choices: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    allowed = tuple(choices)

    def parse(argument: str | None) -> tuple[str, ...]:
        words = tuple(word.strip() for word in (argument or "").split(",") if word.strip())
        wrong = [word for word in words if word not in allowed]
        if wrong or not words:
            raise ValueError(f"{', '.join(wrong) or 'nothing'}: choose from {', '.join(allowed)}")
        return words

    return parse


class _OverviewDirective(SphinxDirective):
    """What both directives have in common: the choice of items."""

    has_content = False
    form: ClassVar[str]
    option_spec: ClassVar[OptionSpec] = {
        "kind": _choice_list(KINDS),
        "state": _choice_list(State),
        "page": directives.unchanged_required,
        "section": directives.flag,
    }

    def run(self) -> list[Node]:
        page = self.options.get("page", "")
        in_section = "section" in self.options
        if page == THIS_PAGE or in_section:
            page = self.env.docname
        elif page:
            page = self.env.relfn2path(f"{page}.rst")[0].removesuffix(".rst")
        node = Overview(
            form=self.form,
            kinds=self.options.get("kind", ()),
            states=self.options.get("state", ()),
            page=page,
            section=in_section,
        )
        self.set_source_info(node)
        citation_domain(self.env).overviews[self.env.docname] = True
        return [node]


class ListDirective(_OverviewDirective):
    """A table of the items, each with its state, dates and the sections that cite it."""

    form = "list"


class SummaryDirective(_OverviewDirective):
    """One line with a bar: "31 references: 4 open, 22 completed, 5 merged"."""

    form = "summary"


def _choose_items(env: BuildEnvironment, node: Overview) -> list[CitedItem]:
    domain = citation_domain(env)
    pages = [node["page"]] if node["page"] else pages_in_order(env)
    anchors = _anchors_around(node) if node["section"] else None
    return [
        item
        for item in collect_items(domain.cited, pages, domain.snapshot.status)
        if (not node["kinds"] or item.kind in node["kinds"])
        and (not node["states"] or item.status.state in node["states"])
        and (anchors is None or any(place.anchor in anchors for _, place in item.places))
    ]


def _anchors_around(node: Node) -> set[str]:
    """The ids of the section around ``node`` and of the sections in it."""
    section = section_of(node)
    if section is None:
        return {""}
    return {anchor for inner in section.findall(nodes.section) for anchor in inner["ids"]}


class FillOverviews(SphinxPostTransform):
    """Replaces each placeholder by what the snapshot and the other pages say."""

    # Before the badges (400), which the links in a list get like all others.
    default_priority = 390

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(Overview)):
            items = _choose_items(self.env, node)
            if not items:
                content: Node = nodes.paragraph("", "No references.")
            elif node["form"] == "summary":
                content = _make_summary(items)
            else:
                content = self._make_table(items)
            node.replace_self(content)

    def _make_table(self, items: list[CitedItem]) -> nodes.table:
        headings = ("Reference", "Dates", "Cited in")
        group = nodes.tgroup(cols=len(headings))
        group += [nodes.colspec(colwidth=width) for width in (45, 20, 35)]
        head = nodes.thead()
        head += nodes.row("", *(_cell(nodes.Text(heading)) for heading in headings))
        body = nodes.tbody()
        by_state = sorted(items, key=lambda item: STATE_ORDER.index(item.status.state))
        body += [self._make_row(item) for item in by_state]
        group += [head, body]
        return nodes.table("", group, classes=[TABLE_CLASS, "longtable", "colwidths-given"])

    def _make_row(self, item: CitedItem) -> nodes.row:
        status = item.status
        classes = [
            f"refstatus-state-{status.state.replace(' ', '-')}",
            f"refstatus-kind-{item.kind}",
        ]
        return nodes.row(
            "",
            _cell(*self._name_item(item)),
            nodes.entry(
                "",
                _lines([nodes.Text(date)] for date in _name_dates(status)),
                classes=["refstatus-dates"],
            ),
            nodes.entry("", _lines([place] for place in self._name_places(item))),
            ids=[nodes.make_id(str(status.reference))],
            classes=classes,
        )

    def _name_item(self, item: CitedItem) -> Iterator[Node]:
        home = self.config.refstatus_repository
        status = item.status
        text = short_name(status.reference, home)
        reference = nodes.reference(
            "",
            text,
            refuri=make_url(status.reference, is_pull=bool(status.is_pull)),
            internal=False,
        )
        reference[ITEM] = str(status.reference)
        reference[MADE_BY_ROLE] = True
        yield reference
        former = [
            name for name in item.names if name.kind is ItemKind.BPO and name != status.reference
        ]
        if former:
            yield nodes.Text(f" ({', '.join(map(str, former))})")
        if status.title:
            yield nodes.Text(f" {one_line(status.title)}")

    def _name_places(self, item: CitedItem) -> Iterator[Node]:
        here = self.env.current_document.docname
        relative_uri = citation_domain(self.env).relative_uri
        for docname, place in item.places:
            page = self.env.titles[docname].astext()
            text = page if place.title in {"", page} else f"{page}: {place.title}"
            uri = f"{relative_uri(here, docname)}#{place.anchor}"
            yield nodes.reference("", text, refuri=uri, internal=True)


def _name_dates(status: Status) -> Iterator[str]:
    if status.opened and status.state is not State.COMMIT:
        yield f"opened {status.opened.isoformat()}"
    if status.closed:
        word = "merged" if status.state is State.MERGED else "closed"
        if status.state is State.COMMIT:
            word = "committed"
        yield f"{word} {status.closed.isoformat()}"
    if status.first_release:
        yield f"first in {status.first_release}"


def _lines(lines: Iterable[list[Node]]) -> nodes.line_block:
    return nodes.line_block("", *(nodes.line("", "", *line) for line in lines))


def _cell(*content: Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *content))


# One look of a badge a row: what it is the status of, and what it means.
_ISSUE: Final = Reference.github("owner/name", 1)
_LEGEND: Final = (
    (Status(_ISSUE, State.OPEN), "An issue or a pull request that is open."),
    (Status(_ISSUE, State.DRAFT, is_pull=True), "A pull request that its author is working on."),
    (Status(_ISSUE, State.COMPLETED), "An issue closed because it was dealt with."),
    (Status(_ISSUE, State.NOT_PLANNED), "An issue closed because nothing will be done."),
    (Status(_ISSUE, State.DUPLICATE), "An issue closed in favor of another one."),
    (Status(_ISSUE, State.CLOSED), "An issue closed for a reason that is not known."),
    (Status(_ISSUE, State.MERGED, is_pull=True), "A pull request that was merged."),
    (
        Status(_ISSUE, State.MERGED, is_pull=True, reverted_by=_ISSUE),
        "Merged, and taken back by a later change.",
    ),
    (Status(_ISSUE, State.CLOSED, is_pull=True), "A pull request closed without a merge."),
    (Status(_ISSUE, State.COMMIT), "A commit."),
    (Status(_ISSUE, State.COMMIT, reverted_by=_ISSUE), "A commit taken back by a later one."),
    (Status(_ISSUE, State.MISSING), "Deleted, or never there."),
    (Status(_ISSUE, State.UNKNOWN), "Not in the snapshot yet, or the snapshot cannot tell."),
)


class LegendDirective(SphinxDirective):
    """A table of every badge and what it means. An item that moved shows its new self."""

    has_content = False

    def run(self) -> list[Node]:
        group = nodes.tgroup(cols=2)
        group += [nodes.colspec(colwidth=width) for width in (30, 70)]
        head = nodes.thead()
        head += nodes.row("", _cell(nodes.Text("Badge")), _cell(nodes.Text("Meaning")))
        body = nodes.tbody()
        for status, meaning in _LEGEND:
            body += nodes.row("", _cell(make_badge(status)), _cell(nodes.Text(meaning)))
        group += [head, body]
        return [nodes.table("", group)]


class StateBar(nodes.inline):
    """The shares of the states as a bar; ``shares`` is a list of (look, number)."""


def _make_summary(items: list[CitedItem]) -> nodes.paragraph:
    counts = count_states(items)
    words = ", ".join(f"{number} {state}" for state, number in counts)
    noun = "reference" if len(items) == 1 else "references"
    shares = [(state.replace(" ", "-"), number) for state, number in counts]
    return nodes.paragraph(
        "", f"{len(items)} {noun}: {words} ", StateBar(shares=shares), classes=["refstatus-summary"]
    )


def visit_bar(translator: HTML5Translator, node: StateBar) -> None:
    """The bar repeats what the words before it say, so it is hidden from screen readers."""
    parts = "".join(
        f'<span class="refstatus-share refstatus-{look}" style="flex-grow: {number}"></span>'
        for look, number in node["shares"]
    )
    translator.body.append(f'<span class="refstatus-bar" aria-hidden="true">{parts}</span>')
    raise nodes.SkipNode


def skip_bar(translator: SphinxTranslator, node: StateBar) -> None:
    """Formats without style sheets have the words."""
    raise nodes.SkipNode


def depart_bar(translator: SphinxTranslator, node: StateBar) -> None:
    """Never reached: the visitors skip the node."""


def describe_overviews(app: Sphinx, docname: str) -> str:
    """All that the lists and summaries on ``docname`` could show, as text to be compared."""
    domain = citation_domain(app.env)
    if docname not in domain.overviews:
        return ""
    pages = pages_in_order(app.env)
    titles = [app.env.titles[page].astext() for page in pages]
    return repr((collect_items(domain.cited, pages, domain.snapshot.status), titles))


def add_filter_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: object
) -> None:
    """Load the script that filters a list, on the pages that have one and on no other."""
    if pagename in citation_domain(app.env).overviews:
        app.add_js_file(_SCRIPT_FILE, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directives, their nodes and the transform."""
    app.add_directive("refstatus-list", ListDirective)
    app.add_directive("refstatus-summary", SummaryDirective)
    app.add_directive("refstatus-legend", LegendDirective)
    app.add_node(Overview)
    skip = (skip_bar, depart_bar)
    app.add_node(
        StateBar, html=(visit_bar, depart_bar), latex=skip, text=skip, man=skip, texinfo=skip
    )
    app.add_post_transform(FillOverviews)
    app.connect("html-page-context", add_filter_script)
