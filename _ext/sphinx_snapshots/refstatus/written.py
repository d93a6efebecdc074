"""What was written while an item had a state: the directive and the role ``written-while``.

Both keep the item and its state. Where the snapshot agrees, a page says so in small print; where it
does not, the page says that in plain view, and the build warns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from ..kit.nodes import find_all
from .claims import WHILE, Written, holds
from .domain import CitationDomain, make_link
from .passages import STANDS, WRITTEN_WHILE
from .urls import ItemLink, parse_name, short_name
from .warnings import WarningType
from .words import name_what_happened

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec

    from .model import Reference, Status

# What the author wrote of the state; one of `WHILE`.
_STATE: Final = "refstatus_state"
#: On pages with a marker, while they are read.
_MARKED: Final = "refstatus_marked"
_CLAUSE: Final = re.compile(
    r"(?P<text>.*\S)\s*<(?P<item>[^<>]+?)(?:\s+is\s+(?P<state>[a-z ]+))?>", re.S
)


def _note(env: BuildEnvironment, name: str, state: str, where: tuple[str, int]) -> Reference:
    """Keep what was written; return its item.

    :raises ValueError: ``name`` is none; the message says what to write.
    """
    domain = CitationDomain.of(env)
    item = parse_name(name, domain.settings.repository)
    written = Written(str(item), state, *where)
    known = domain.written.get(env.docname, ())
    if written not in known:  # a translated paragraph is read twice
        domain.written[env.docname] = (*known, written)
    return item


class WrittenWhileDirective(SphinxDirective):
    """``.. written-while:: bpo-33607``: of its content, or without one of the section around it."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {"is": lambda text: directives.choice(text or "", WHILE)}

    def run(self) -> list[Node]:
        state = self.options.get("is", WHILE[0])
        where = self.get_source_info()
        try:
            item = _note(self.env, self.arguments[0], state, where)
        except ValueError as error:
            WarningType.ARGUMENT.warn(f"written-while: {error}", self.get_location())
            item = None
        around = nodes.container(classes=["refstatus-written"])
        self.set_source_info(around)
        self.state.nested_parse(self.content, self.content_offset, around)
        if item is None:
            return list(around.children)
        around[WRITTEN_WHILE], around[_STATE] = item, state
        note = nodes.paragraph("", "", _link(item, self.env), classes=["refstatus-written-note"])
        note["translatable"] = False
        self.set_source_info(note)
        around += note
        return [around]


class WrittenWhileRole(SphinxRole):
    """``:written-while:`a clause <bpo-33607 is open>```."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        match = _CLAUSE.fullmatch(self.text)
        state = " ".join(match["state"].split()) if match and match["state"] else WHILE[0]
        try:
            if match is None or state not in WHILE:
                raise ValueError(
                    "write a clause and its item, such as: nothing is checked <bpo-33607 is open>, "
                    f"with one of: {', '.join(WHILE)}"
                )
            item = _note(self.env, match["item"], state, self.get_source_info())
        except ValueError as error:
            WarningType.ARGUMENT.warn(f"{self.rawtext}: {error}", self.get_location())
            return [nodes.literal(self.rawtext, self.rawtext)], []
        clause = nodes.inline(self.rawtext, match["text"], classes=["refstatus-written"])
        clause[WRITTEN_WHILE], clause[_STATE] = item, state
        clause += nodes.Text(" (")
        clause += nodes.inline("", "", _link(item, self.env), classes=["refstatus-written-note"])
        clause += nodes.Text(")")
        return [clause], []


def _link(item: Reference, env: BuildEnvironment) -> nodes.reference:
    name = short_name(item, CitationDomain.of(env).settings.repository)
    return make_link(name, name, ItemLink(item))


class FillNotes(SphinxPostTransform):
    """Says in each note whether what was written still holds."""

    # Before addresses are the final ones (390).
    default_priority = 380

    def run(self, **kwargs: object) -> None:
        domain = CitationDomain.of(self.env)
        if not domain.written:
            return
        for node in list(find_all(self.document, nodes.Element)):
            if WRITTEN_WHILE in node:
                status = domain.snapshot.status(node[WRITTEN_WHILE])
                _fill(node, status, domain)


def _fill(node: nodes.Element, status: Status, domain: CitationDomain) -> None:
    # Its own: there may be others in what it is about.
    note = next(
        each
        for each in reversed(node.children)
        if isinstance(each, nodes.TextElement) and "refstatus-written-note" in each["classes"]
    )
    [link] = note.findall(nodes.reference)
    is_clause = isinstance(node, nodes.inline)
    day = domain.wording.day(status.as_of) if status.as_of else ""
    is_true = holds(node[_STATE], status)
    words = name_what_happened(status, node[_STATE], day, is_true=is_true, is_clause=is_clause)
    before, _, behind = words.partition("\0")
    note.children = []
    note += [nodes.Text(before), link, nodes.Text(behind)]
    if not is_true:
        node["classes"].append("refstatus-overtaken")
        note["classes"].remove("refstatus-written-note")
        if is_clause:
            note.replace_self(nodes.strong("", "", *note.children))
        else:
            note.replace_self(nodes.warning("", nodes.paragraph("", "", *note.children)))


# A marker ----------------------------------------------------------------------------------


class AsWritten(nodes.Invisible, nodes.Inline, nodes.TextElement):
    """Stands behind a reference while a page is read."""


class AsWrittenRole(SphinxRole):
    """``:as-written:`why```, behind a reference: the lint has nothing to say about it."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        self.env.temp_data[_MARKED] = True
        node = AsWritten(self.rawtext)
        self.set_source_info(node)
        return [node], []


class SettleMarked(SphinxTransform):
    """Notes on each link whether a marker follows it, and takes the markers out of the page."""

    # Behind what makes links of words (680); before domains and collectors copy parts of the page
    # (850).
    default_priority = 690

    def apply(self, **kwargs: object) -> None:
        if self.env.temp_data.get(_MARKED):
            _settle(self.document)


def _settle(document: nodes.document) -> None:
    for marker in list(document.findall(AsWritten)):
        parent = marker.parent
        place = parent.index(marker)
        links = [
            link for before in parent.children[:place] for link in before.findall(nodes.reference)
        ]
        if links:
            links[-1][STANDS] = True
        else:
            WarningType.ARGUMENT.warn(f"{marker.rawsource}: no reference is before it", marker)
        before = parent.children[place - 1] if place else None
        if isinstance(before, nodes.Text):
            parent.replace(before, nodes.Text(before.rstrip()))
        parent.remove(marker)
