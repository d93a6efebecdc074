"""The directives ``refstatus-list``, ``-summary`` and ``-legend``: all items at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from ..kit.pages import Place, section_of
from .badges import make_badge
from .collect import CitationDomain
from .model import ItemKind, Reference, State, Status, one_line
from .overview import (
    GROUPINGS,
    KINDS,
    ORDERS,
    CitedItem,
    collect_items,
    count_states,
    group_items,
    pages_in_order,
    sort_items,
)
from .roles import ADDRESS_IS_OURS, ITEM
from .urls import make_url, short_name
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec

#: ``:page:`` of a directive that speaks of the page it stands on.
THIS_PAGE: Final = "this"
#: Classes that the filter script looks for: of a table, of a heading with its table, and of the
#: number in that heading.
TABLE_CLASS: Final = "refstatus-list"
GROUP_CLASS: Final = "refstatus-group"
COUNT_CLASS: Final = "refstatus-count"

_SCRIPT_FILE: Final = "refstatus.js"
# LaTeX has no more levels of headings in its shorter documents.
_DEEPEST_HEADING: Final = 5
_KIND_WORDS: Final = {"issue": "issue", "pull": "pull request"}
_GROUP_WORDS: Final = {"issue": "Issues", "pull": "Pull requests", "commit": "Commits"}


class Overview(nodes.General, nodes.Element):
    """Placeholder for a list or a summary until the page is resolved.

    Attributes: ``form`` (``"list"`` or ``"summary"``), ``kinds``, ``states`` (empty: all),
    ``page`` (docname; empty: the whole site), ``section`` (whether only the items count that the
    section around it cites), ``sort``, ``group``.
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


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def parse(argument: str) -> str:
        return directives.choice(argument, choices)

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
            sort=self.options.get("sort", ORDERS[0]),
            group=self.options.get("group", GROUPINGS[0]),
        )
        self.set_source_info(node)
        CitationDomain.of(self.env).overviews[self.env.docname] = True
        return [node]


class ListDirective(_OverviewDirective):
    """A table of the items, each with its state, dates and the sections that cite it.

    Divided into groups, it is a table for each, under a heading that is no section.
    """

    form = "list"
    option_spec: ClassVar[OptionSpec] = {
        **_OverviewDirective.option_spec,
        "sort": _one_of(ORDERS),
        "group": _one_of(GROUPINGS),
    }


class SummaryDirective(_OverviewDirective):
    """One line with a bar: "31 references: 4 open, 22 completed, 5 merged"."""

    form = "summary"


def _choose_items(env: BuildEnvironment, node: Overview) -> list[CitedItem]:
    domain = CitationDomain.of(env)
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
        # Most sites have few: do not look for them on every page of the others.
        domain = CitationDomain.of(self.env)
        if not domain.overviews:
            return
        for node in list(self.document.findall(Overview)):
            if not _page_exists(self.env, node):
                WarningType.PAGE.warn(f"there is no page {node['page']!r}", node)
            items = _choose_items(self.env, node)
            if not items:
                content: list[Node] = [nodes.paragraph("", "No references.")]
            elif node["form"] == "summary":
                content = [_make_summary(items)]
            else:
                content = self._make_list(node, items)
            node.replace_self(content)
        for legend in list(self.document.findall(Legend)):
            legend.replace_self(_make_legend(as_html=domain.writes_html))

    def _make_list(self, node: Overview, items: list[CitedItem]) -> list[Node]:
        home = self.config.refstatus_repository
        by = node["group"]
        # In the page that is made now, which may hold several of the site's pages.
        taken = {
            name for element in self.document.findall(nodes.Element) for name in element["ids"]
        }
        in_order = sort_items(items, node["sort"], home)
        groups = group_items(in_order, by, pages_in_order(self.env), home)
        level = min(_depth(node) + 1, _DEEPEST_HEADING)
        result: list[Node] = []
        for name, members in groups:
            table = self._make_table(members, by, taken)
            if by == "none":
                result.append(table)
            else:
                heading = self._make_heading(name, len(members), by, level)
                result.append(nodes.container("", heading, table, classes=[GROUP_CLASS]))
        return result

    def _make_heading(self, name: str, count: int, by: str, level: int) -> nodes.rubric:
        """A heading that is none to the table of contents."""
        heading = nodes.rubric("", "", self._name_group(name, by), **{"heading-level": level})
        heading += nodes.Text(" (")
        heading += nodes.inline("", str(count), classes=[COUNT_CLASS])
        heading += nodes.Text(")")
        return heading

    def _name_group(self, name: str, by: str) -> Node:
        if by == "page":
            return CitationDomain.of(self.env).link_to_place(name, Place("", ""))
        if by == "repository":
            return nodes.Text(name)
        return nodes.Text(_GROUP_WORDS.get(name, name.capitalize()))

    def _make_table(self, items: list[CitedItem], by: str, taken: set[str]) -> nodes.table:
        headings = ("Reference", "Kind and dates", "Cited in")
        group = nodes.tgroup(cols=len(headings))
        group += [nodes.colspec(colwidth=width) for width in (39, 26, 35)]
        head = nodes.thead()
        head += nodes.row("", *(_cell(nodes.Text(heading)) for heading in headings))
        body = nodes.tbody()
        body += [self._make_row(item, by, taken) for item in items]
        group += [head, body]
        return nodes.table("", group, classes=[TABLE_CLASS, "longtable", "colwidths-given"])

    def _make_row(self, item: CitedItem, by: str, taken: set[str]) -> nodes.row:
        status = item.status
        classes = [
            f"refstatus-state-{status.state.replace(' ', '-')}",
            f"refstatus-kind-{item.kind}",
        ]
        name = nodes.make_id(str(status.reference))
        ids = [name] if name not in taken else []
        taken.update(ids)
        return nodes.row(
            "",
            _cell(*self._name_item(item)),
            nodes.entry(
                "",
                *_lines([nodes.Text(text)] for text in _name_dates(item)),
                classes=["refstatus-dates"],
            ),
            nodes.entry("", *_lines([place] for place in self._name_places(item, by))),
            ids=ids,
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
        reference[ADDRESS_IS_OURS] = True
        yield reference
        former = [
            name for name in item.names if name.kind is ItemKind.BPO and name != status.reference
        ]
        if former:
            yield nodes.Text(f" ({', '.join(map(str, former))})")
        if status.title:
            yield nodes.Text(f" {one_line(status.title)}")

    def _name_places(self, item: CitedItem, by: str) -> Iterator[Node]:
        domain = CitationDomain.of(self.env)
        for docname, place in item.places:
            if by == "page" and place.title:
                yield domain.link(docname, place.anchor, place.title)
            else:
                yield domain.link_to_place(docname, place)


class SeparateLines(SphinxPostTransform):
    """Puts semicolons where lines end in the cells of a list: tables of plain text fill them."""

    default_priority = FillOverviews.default_priority + 1
    formats = ("text",)

    def run(self, **kwargs: Any) -> None:
        for table in _find_lists(self.document):
            for block in table.findall(nodes.line_block):
                for line in list(block.findall(nodes.line))[:-1]:
                    line += nodes.Text(";")


def _find_lists(document: nodes.document) -> Iterator[nodes.table]:
    return (table for table in document.findall(nodes.table) if TABLE_CLASS in table["classes"])


def _lines(lines: Iterable[list[Node]]) -> list[Node]:
    block = nodes.line_block("", *(nodes.line("", "", *line) for line in lines))
    # LaTeX stops at a list without items.
    return [block] if block.children else []


def _page_exists(env: BuildEnvironment, node: Overview) -> bool:
    return not node["page"] or node["page"] in env.all_docs


def _depth(node: Node) -> int:
    """In how many sections ``node`` stands."""
    section = section_of(node)
    return 0 if section is None else 1 + _depth(section)


def _name_dates(item: CitedItem) -> Iterator[str]:
    status = item.status
    if item.kind in _KIND_WORDS:
        yield _KIND_WORDS[item.kind]
    if status.opened and status.state is not State.COMMIT:
        yield f"opened {status.opened.isoformat()}"
    if status.closed:
        word = "merged" if status.state is State.MERGED else "closed"
        if status.state is State.COMMIT:
            word = "committed"
        yield f"{word} {status.closed.isoformat()}"
    if status.first_release:
        yield f"first in {status.first_release}"


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
    (Status(_ISSUE, State.UNKNOWN), "Not in the snapshot yet, or never moved to GitHub."),
)


class Legend(nodes.General, nodes.Element):
    """Placeholder for the table of all badges until it is known how to write a badge."""


class LegendDirective(SphinxDirective):
    """A table of every badge and what it means. An item that moved shows its new self."""

    has_content = False

    def run(self) -> list[Node]:
        CitationDomain.of(self.env).overviews[self.env.docname] = True
        return [Legend()]


def _make_legend(*, as_html: bool) -> nodes.table:
    group = nodes.tgroup(cols=2)
    group += [nodes.colspec(colwidth=width) for width in (30, 70)]
    head = nodes.thead()
    head += nodes.row("", _cell(nodes.Text("Badge")), _cell(nodes.Text("Meaning")))
    body = nodes.tbody()
    for status, meaning in _LEGEND:
        badge = make_badge(status, as_html=as_html)
        body += nodes.row("", _cell(badge), _cell(nodes.Text(meaning)))
    group += [head, body]
    return nodes.table("", group)


def _make_summary(items: list[CitedItem]) -> nodes.paragraph:
    counts = count_states(items)
    words = ", ".join(f"{number} {_count_word(state, number)}" for state, number in counts)
    noun = "reference" if len(items) == 1 else "references"
    text = f"{len(items)} {noun}: {words} "
    return nodes.paragraph("", text, _make_bar(counts), classes=["refstatus-summary"])


def _count_word(state: State, number: int) -> str:
    return "commits" if state is State.COMMIT and number != 1 else state


def _make_bar(counts: Iterable[tuple[State, int]]) -> nodes.raw:
    """The shares of the states as a bar; formats without style sheets leave it out.

    It repeats what the words before it say, so it is hidden from screen readers.
    """
    parts = "".join(
        f'<span class="refstatus-share refstatus-{state.replace(" ", "-")}" '
        f'style="flex-grow: {number}"></span>'
        for state, number in counts
    )
    bar = f'<span class="refstatus-bar" aria-hidden="true">{parts}</span>'
    return nodes.raw("", bar, format="html")


def describe_overviews(app: Sphinx, docname: str) -> str:
    """All that the lists and summaries on ``docname`` show, as text to be compared."""
    env = app.env
    domain = CitationDomain.of(env)
    if docname not in domain.overviews:
        return ""
    order = pages_in_order(env)
    shown = []
    for node in env.get_doctree(docname).findall(Overview):
        items = _choose_items(env, node)
        citing = {page for item in items for page, _ in item.places}
        titles = [(page, env.titles[page].astext()) for page in order if page in citing]
        shown.append((_page_exists(env, node), items, titles))
    return repr((domain.shows_badges, shown))


def add_filter_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, object],
    doctree: nodes.document | None,
) -> None:
    """Load the script that filters a list, on the pages that have one and on no other."""
    if doctree and CitationDomain.of(app.env).overviews and any(_find_lists(doctree)):
        app.add_js_file(_SCRIPT_FILE, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directives, their nodes and the transforms."""
    app.add_directive("refstatus-list", ListDirective)
    app.add_directive("refstatus-summary", SummaryDirective)
    app.add_directive("refstatus-legend", LegendDirective)
    app.add_node(Overview)
    app.add_node(Legend)
    app.add_post_transform(FillOverviews)
    app.add_post_transform(SeparateLines)
    app.connect("html-page-context", add_filter_script)
