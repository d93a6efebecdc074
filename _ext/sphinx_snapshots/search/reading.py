"""The records of a page, taken from it when it was read: its sections, its terms, its rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx import addnodes
from sphinx.util import docname_join

from ..kit.nodes import find_all
from ..kit.pages import NAMES, HasRecord, Record, is_conditional, place_of, section_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Around the name of what a link leads to, where its text is to be that one's title. No text has
# these characters: they are for private use.
_MARK: Final = "\ue000"
_MARKED: Final = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")
_NAME: Final = re.compile(r"[\w.]+")
# What no reader sees, and headings, which are kept apart.
_UNSEEN: Final = (nodes.Invisible, nodes.raw, nodes.title, nodes.system_message, addnodes.index)
# What has records of its own wherever it stands, as what is conditional has.
_APART: Final = (nodes.section, addnodes.glossary, HasRecord)
# Links to them show their title unless they say otherwise.
_TITLED: Final = frozenset({"ref", "doc", "numref"})


def read_records(document: nodes.document, docname: str, *, has_rows: bool) -> Iterator[Record]:
    """All that a page has; links may still stand in the texts by name, see :func:`complete`.

    :param has_rows: whether the rows of its tables have records of their own.
    """
    rows: list[Record] = []
    if has_rows:
        rows = [_read_row(row, docname) for row in _body_rows(document)]
    for section in find_all(document, nodes.section):
        yield _read_part(section, section, docname, has_rows=has_rows)
    # What not every format shows has a record of its own, beside that of its section.
    for part in document.findall(is_conditional):
        around = section_of(part)
        if (
            isinstance(part, nodes.Element)
            and around
            and any(not isinstance(child, nodes.section) for child in part.children)
        ):
            yield _read_part(part, around, docname, has_rows=has_rows)
    for term in find_all(document, nodes.term):
        if term["ids"] and isinstance(term.parent, nodes.definition_list_item):
            yield _read_term(term, docname)
    yield from rows


def _is_apart(node: nodes.Node) -> bool:
    return isinstance(node, _APART) or is_conditional(node)


def _read_part(
    part: nodes.Element, section: nodes.section, docname: str, *, has_rows: bool
) -> Record:
    """The record of a section, or of a part of it."""
    own = [child for child in part.children if not _is_apart(child)]
    text = _squeeze(" ".join(_plain(child, has_rows) for child in own))
    names = tuple(name for name in dict.fromkeys(_further_names(own)) if name not in text)
    place = place_of(part)
    if isinstance(section.parent, nodes.document):
        return Record("page", docname, "", place.title, text, names, place.only)
    return Record("section", docname, place.anchor, place.title, text, names, place.only)


def first_ids(document: nodes.document) -> dict[str, str]:
    """The further ids of sections, each with the one that its record has."""
    found: dict[str, str] = {}
    for section in find_all(document, nodes.section):
        first, *others = section["ids"]
        found |= dict.fromkeys(others, "" if isinstance(section.parent, nodes.document) else first)
    return found


def _read_term(term: nodes.term, docname: str) -> Record:
    """The record of a term of a glossary; several terms may share one meaning."""
    texts = [_plain(part, False) for part in term.parent if isinstance(part, nodes.definition)]
    title, text = _squeeze(term.astext()), _squeeze(" ".join(texts))
    return Record("term", docname, term["ids"][0], title, text, (), place_of(term).only)


def _body_rows(document: nodes.document) -> Iterator[nodes.row]:
    return (row for row in find_all(document, nodes.row) if isinstance(row.parent, nodes.tbody))


def _read_row(row: nodes.row, docname: str) -> Record:
    """A row of a list: what it is about, and as its anchor the name of what it leads to."""
    first, *others = (_squeeze(_plain(entry, False)) for entry in row.children)
    section = section_of(row)
    links = [link for link in find_all(row, addnodes.pending_xref) if _shows_title(link)]
    place = place_of(section)
    is_on_top = section is None or isinstance(section.parent, nodes.document)
    anchor = _mark(links[-1]) if links else "" if is_on_top else place.anchor
    return Record("message", docname, anchor, first, " · ".join(others), (), place.only)


def _mark(node: addnodes.pending_xref) -> str:
    """The name of what a link leads to, as a text that can be told from others.

    That of a page is its docname with a slash before it, which no label has.
    """
    target = node["reftarget"]
    if node["reftype"] == "doc":
        target = f"/{docname_join(node['refdoc'], target)}"
    return f"{_MARK}{target}{_MARK}"


def _shows_title(node: addnodes.pending_xref) -> bool:
    return node.get("refdomain") in {"std", ""} and node["reftype"] in _TITLED


def _further_names(children: list[nodes.Node]) -> Iterator[str]:
    """What an author wrote in ``.. index::`` right in a section, and what other extensions say."""
    for child in children:
        if isinstance(child, addnodes.index):
            for entry in child["entries"]:
                # What stands before it is the group that the index has it in.
                yield entry[1].rpartition(";")[2].strip()
        elif isinstance(child, nodes.Element):
            yield from child.get(NAMES, ())


def _plain(node: nodes.Node, without_rows: bool) -> str:
    """The text of a node; blocks are separated by a space, which inline nodes are not."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, _UNSEEN):
        return ""
    if isinstance(node, nodes.literal_block):
        # A program is looked for by its names, and each is told once.
        return " ".join(dict.fromkeys(_NAME.findall(node.astext())))
    if isinstance(node, addnodes.pending_xref):
        if _shows_title(node) and not node.get("refexplicit"):
            return _mark(node)
    elif _is_apart(node) or (without_rows and isinstance(node, nodes.tbody)):
        return ""
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(_plain(child, without_rows) for child in node.children)


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def complete(text: str, title_of: Callable[[str], str]) -> str:
    """A text with the titles of what it leads to in place of their names."""
    return _MARKED.sub(lambda found: title_of(found[1]), text)


def target_of(anchor: str) -> str:
    """The name of what a row leads to, as in a text; empty if the anchor is one already."""
    found = _MARKED.fullmatch(anchor)
    return found[1] if found else ""
