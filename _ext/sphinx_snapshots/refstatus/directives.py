"""The directives ``refstatus-list``, ``-summary`` and ``-legend``: all items at a glance."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective

from ..kit.nodes import EVIDENCE, cell, table, text
from ..kit.pages import Place, section_of
from ..kit.translation import _, ngettext
from .domain import IN_LIST, CitationDomain, Overview, make_link, row_anchor
from .html import RefstatusBar, RefstatusLabel
from .items import GROUPINGS, KINDS, ORDERS, Choice, count_states, group_items, sort_items
from .model import CODE, ItemKind, Reference, State, Status, one_line
from .urls import ItemLink, make_url, short_name
from .warnings import WarningType
from .words import count_state, name_kind, name_kinds, name_state, script_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec

    from .items import CitedItem
    from .log import Entry
    from .words import Wording

#: Classes that the filter script looks for: of a table, of a heading with its table, and of the
#: number in that heading.
TABLE_CLASS: Final = "refstatus-list"
GROUP_CLASS: Final = "refstatus-group"
COUNT_CLASS: Final = "refstatus-count"
# Where the script puts its form. Room is kept free there, so that nothing moves; and as the form is
# alone in it, a browser need not look for the styles of all rows again.
_PLACE_OF_FORM: Final = '<div class="refstatus-filter-place"></div>\n'

_SCRIPT_FILE: Final = "refstatus.js"
# ``:page:`` of a directive that speaks of the page it stands on.
_THIS_PAGE: Final = "this"
# LaTeX has no more levels of headings in its shorter documents.
_DEEPEST_HEADING: Final = 5


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
    """What lists and summaries have in common: the choice of items."""

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
        if page == _THIS_PAGE or in_section:
            page = self.env.docname
        elif page:
            page = docname_join(self.env.docname, page)
        node = Overview(
            form=self.form,
            choice=Choice(
                self.options.get("kind", ()),
                self.options.get("state", ()),
                page,
                () if in_section else None,
            ),
            sort=self.options.get("sort", ORDERS[0]),
            group=self.options.get("group", GROUPINGS[0]),
        )
        self.set_source_info(node)
        return [_noted(node, self.env)]


class ListDirective(_OverviewDirective):
    """A table of the items, each with its state, dates and the sections that cite it.

    Divided into groups, it is a table for each, under a heading that is no section.
    """

    form = "list"
    option_spec: ClassVar[OptionSpec] = {
        **_OverviewDirective.option_spec,
        "sort": lambda argument: directives.choice(argument, ORDERS),
        "group": lambda argument: directives.choice(argument, GROUPINGS),
    }


class SummaryDirective(_OverviewDirective):
    """One line with a bar: "31 references: 4 open, 22 completed, 5 merged"."""

    form = "summary"


class LegendDirective(SphinxDirective):
    """A table of every badge and what it means. An item that moved shows its new self."""

    def run(self) -> list[Node]:
        return [_noted(Overview(form="legend"), self.env)]


class LogDirective(SphinxDirective):
    """A table of what became of items lately: day, item, from what to what."""

    option_spec: ClassVar[OptionSpec] = {"number": directives.positive_int}

    def run(self) -> list[Node]:
        CitationDomain.of(self.env).logs[self.env.docname] = True
        return [_noted(Overview(form="log", number=self.options.get("number")), self.env)]


def _noted(node: Overview, env: BuildEnvironment) -> Overview:
    """``node``, on a page of which is known that it has one: other pages are not searched."""
    CitationDomain.of(env).overviews.setdefault(env.docname, ())
    return node


class FillOverviews(SphinxPostTransform):
    """Replaces each placeholder by what the snapshot and the other pages say."""

    # Before addresses are the final ones (390), also those of the links in a list.
    default_priority = 380

    def run(self, **kwargs: Any) -> None:
        domain = CitationDomain.of(self.env)
        # Most sites have few: do not look for them on every page of the others.
        if domain.overviews:
            for node in list(self.document.findall(Overview)):
                node.replace_self(_fill(node, self.document, domain))
            if first := next(_find_lists(self.document), None):
                group = first.parent if GROUP_CLASS in first.parent["classes"] else first
                place = nodes.raw("", _PLACE_OF_FORM, format="html")
                group.parent.insert(group.parent.index(group), place)


def _fill(node: Overview, document: nodes.document, domain: CitationDomain) -> list[Node]:
    if node["form"] == "legend":
        return [_make_legend(domain.wording)]
    if node["form"] == "log":
        return [_make_log(domain, node["number"])]
    choice: Choice = node["choice"]
    if not domain.has_page_of(choice):
        WarningType.PAGE.warn(f"there is no page {choice.page!r}", node)
    items = domain.items(choice)
    if not items:
        return [text(_("No references."))]
    if node["form"] == "summary":
        return [_make_summary(items)]
    return list(_ListMaker(document, domain, node["group"]).make(node, items))


class _ListMaker:
    """Makes the tables of one list.

    :param document: the page that is written now, which may hold several of the site's pages.
    """

    def __init__(self, document: nodes.document, domain: CitationDomain, grouping: str) -> None:
        self._domain = domain
        self._home = domain.settings.repository
        self._grouping = grouping
        self._taken = {name for node in document.findall(nodes.Element) for name in node["ids"]}

    def make(self, node: Overview, items: list[CitedItem]) -> Iterator[Node]:
        """One table, or each group's in a container, under a heading that is no section."""
        in_order = sort_items(items, node["sort"], self._home)
        groups = group_items(in_order, self._grouping, self._domain.pages(), self._home)
        level = min(_depth(node) + 1, _DEEPEST_HEADING)
        for name, members in groups:
            made = self._make_table(members)
            if self._grouping == "none":
                yield made
            else:
                heading = nodes.rubric("", "", self._name_group(name), **{"heading-level": level})
                heading += nodes.Text(" (")
                heading += nodes.inline("", str(len(members)), classes=[COUNT_CLASS])
                heading += nodes.Text(")")
                yield nodes.container("", heading, made, classes=[GROUP_CLASS])

    def _name_group(self, name: str) -> Node:
        if self._grouping == "page":
            return self._domain.link_to_place(name, Place("", ""))
        if self._grouping == "repository":
            return nodes.Text(name)
        if name in KINDS:
            return nodes.Text(name_kinds(name))
        word = name_state(State(name))
        return nodes.Text(word[:1].upper() + word[1:])

    def _make_table(self, items: list[CitedItem]) -> nodes.table:
        heads = (_("Reference"), _("Kind and dates"), _("Cited in"))
        classes = [TABLE_CLASS, "longtable"]
        if self._domain.format != "html":
            # There the style sheet has the widths: an attribute ``style`` is what strict content
            # policies forbid.
            classes.append("colwidths-given")
        return table(heads, (39, 26, 35), map(self._make_row, items), classes)

    def _make_row(self, item: CitedItem) -> nodes.row:
        kind = [name_kind(item.kind)] if item.kind in {"issue", "pull"} else []
        events = self._domain.wording.events(item.status)
        lines = [*map(nodes.Text, kind + events), *self._name_revert(item.status)]
        dates = self._make_lines(lines)
        dates["classes"].append("refstatus-dates")
        name = row_anchor(item.status.reference)
        ids = [name] if name not in self._taken else []
        self._taken.update(ids)
        return nodes.row(
            "",
            cell(nodes.paragraph("", "", *self._name_item(item))),
            dates,
            self._make_lines(self._name_places(item)),
            ids=ids,
            classes=[
                f"refstatus-state-{item.status.state.replace(' ', '-')}",
                f"refstatus-kind-{item.kind}",
            ],
        )

    def _name_revert(self, status: Status) -> Iterator[Node]:
        """What took the item back, as a plain link, and in which release that came first."""
        if status.reverted_by is None:
            return
        before, after = _("reverted by %s").split("%s")
        name, address = short_name(status.reverted_by, self._home), make_url(status.reverted_by)
        link = nodes.reference("", name, refuri=address, internal=False, **{EVIDENCE: False})
        if release := self._domain.snapshot.status(status.reverted_by).first_release:
            after += f", {_('first in %s') % release}"
        yield nodes.inline("", before, link, nodes.Text(after))

    def _make_lines(self, parts: Iterable[Node]) -> nodes.entry:
        """A cell with a line for each part."""
        lines = [nodes.line("", "", part) for part in parts]
        if self._domain.format == "text":
            # Tables of plain text fill their lines.
            for line in lines[:-1]:
                line += nodes.Text(";")
        # LaTeX stops at a list without items.
        return cell(nodes.line_block("", *lines)) if lines else cell()

    def _name_item(self, item: CitedItem) -> Iterator[Node]:
        reference = item.status.reference
        link = make_link("", short_name(reference, self._home), ItemLink(reference))
        link[IN_LIST] = True
        yield link
        former = [name for name in item.names if name.kind is ItemKind.BPO and name != reference]
        if former:
            yield nodes.Text(f" ({', '.join(map(str, former))})")
        if item.status.title:
            yield nodes.Text(" ")
            yield from show_title(one_line(item.status.title), self._domain.format)

    def _name_places(self, item: CitedItem) -> Iterator[Node]:
        for docname, place in item.places:
            if self._grouping == "page" and place.title:
                yield self._domain.link(docname, place.anchor, place.title)
            else:
                yield self._domain.link_to_place(docname, place)


def _find_lists(document: nodes.document) -> Iterator[nodes.table]:
    return (node for node in document.findall(nodes.table) if TABLE_CLASS in node["classes"])


def _depth(node: Node) -> int:
    """In how many sections ``node`` stands."""
    section = section_of(node)
    return 0 if section is None else 1 + _depth(section)


def _make_log(domain: CitationDomain, number: int | None) -> Node:
    """The newest entries of the log, the newest first; all without a ``number``."""
    entries = domain.log[::-1][:number]
    if not entries:
        return text(_("No changes."))
    rows = [_make_log_row(entry, domain) for entry in entries]
    return table((_("Date"), _("Reference"), _("Change")), (15, 45, 40), rows, ["refstatus-log"])


def _make_log_row(entry: Entry, domain: CitationDomain) -> nodes.row:
    item = entry.item
    link = make_link("", short_name(item, domain.settings.repository), ItemLink(item))
    link[IN_LIST] = True
    title = domain.snapshot.status(item).title
    name = nodes.paragraph("", "", link)
    if title:
        name += [nodes.Text(" "), *show_title(one_line(title), domain.format)]
    change = one_line(entry.change).replace(" -> ", " → ")
    return nodes.row("", cell(text(domain.wording.day(entry.day))), cell(name), cell(text(change)))


def show_title(title: str, format_: str) -> Iterator[Node]:
    """A title, with its code as code in HTML; elsewhere as GitHub has it."""
    end = 0
    if format_ == "html":
        for match in CODE.finditer(title):
            yield nodes.Text(title[end : match.start()])
            yield nodes.literal(match["code"], match["code"])
            end = match.end()
    yield nodes.Text(title[end:])


def _make_legend(wording: Wording) -> nodes.table:
    """One look of a badge a row: what it is the badge of, and what it means."""
    issue = Reference.github("owner/name", 1)
    pull = partial(Status, issue, is_pull=True)
    meanings = (
        (Status(issue, State.OPEN), _("An issue or a pull request that is open.")),
        (pull(State.DRAFT), _("A pull request that its author is working on.")),
        (Status(issue, State.COMPLETED), _("An issue closed because it was dealt with.")),
        (Status(issue, State.NOT_PLANNED), _("An issue closed because nothing will be done.")),
        (Status(issue, State.DUPLICATE), _("An issue closed in favor of another one.")),
        (Status(issue, State.CLOSED), _("An issue closed for a reason that is not known.")),
        (pull(State.MERGED), _("A pull request that was merged.")),
        (
            pull(State.MERGED, reverted_by=issue),
            _("Merged, and taken back by a later change."),
        ),
        (pull(State.CLOSED), _("A pull request closed without a merge.")),
        (Status(issue, State.COMMIT), _("A commit.")),
        (
            Status(issue, State.COMMIT, reverted_by=issue),
            _("A commit taken back by a later one."),
        ),
        (Status(issue, State.MISSING), _("Deleted, or never there.")),
        (Status(issue, State.UNKNOWN), _("Not in the snapshot yet, or never moved to GitHub.")),
    )
    rows = []
    for status, meaning in meanings:
        badge = wording.badge(status)
        label = RefstatusLabel("", f"({badge.words})", badge=badge)
        rows.append(nodes.row("", cell(nodes.paragraph("", "", label)), cell(text(meaning))))
    return table((_("Badge"), _("Meaning")), (30, 70), rows, ["refstatus-legend"])


def _make_summary(items: list[CitedItem]) -> nodes.paragraph:
    counts = count_states(items)
    states = ", ".join(count_state(state, number) for state, number in counts)
    number = len(items)
    message = ngettext(
        "%(count)d reference: %(states)s", "%(count)d references: %(states)s", number
    )
    words = message % {"count": number, "states": states}
    bar = RefstatusBar(counts=counts)
    return nodes.paragraph("", f"{words} ", bar, classes=["refstatus-summary"])


def add_filter_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, object],
    doctree: nodes.document | None,
) -> None:
    """Load the script that filters a list, on the pages that have one and on no other."""
    if doctree and CitationDomain.of(app.env).overviews and any(_find_lists(doctree)):
        words: dict[str, Any] = {"data-words": json.dumps(script_words())}
        app.add_js_file(_SCRIPT_FILE, loading_method="defer", **words)
