"""Each term of the glossary is linked where a page uses it first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from docutils import nodes
from sphinx import addnodes
from sphinx_snapshots.behavior.domain import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

FOLDERS: Final = ("subinterpreters/", "finalization/")
OTHER_PAGES: Final = ("index", "releases")
#: Words inside them are names, code, or links to something else; a heading cannot have a link.
NO_PROSE: Final = (
    Entry,
    nodes.title,
    nodes.thead,
    nodes.caption,
    nodes.literal,
    nodes.literal_block,
    nodes.comment,
    nodes.reference,
    addnodes.pending_xref,
)
#: Where a page uses a word in its everyday sense before it uses the term: page and word to why.
EVERYDAY: Final[dict[tuple[str, str], str]] = {}


class Use(NamedTuple):
    """A term on a page: linked or in plain text, with some words around it."""

    term: str
    linked: bool
    context: str


def is_term(node: nodes.Node) -> bool:
    return isinstance(node, addnodes.pending_xref) and node["reftype"] == "term"


def pieces(node: nodes.Node) -> Iterator[nodes.Node | str]:
    """The prose below a node, in order: texts, and in their places the links to terms.

    What is no prose is a line break, which no term has.
    """
    if isinstance(node, nodes.Text):
        yield " ".join(f"|{node}|".split())[1:-1]
    elif is_term(node):
        yield node
    elif isinstance(node, NO_PROSE):
        yield "\n"
    else:
        for child in node.children:
            yield from pieces(child)
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline):
            yield "\n"


def uses(page: nodes.Node, terms: set[str]) -> Iterator[Use]:
    """Every use of a term on a page, in order; of two terms at one place the longer one."""
    longest_first = sorted(terms, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    in_prose = re.compile(rf"(?<![\w-])(?P<term>{words})(?:s|es)?(?![\w-])", re.IGNORECASE)
    by_name = {term.lower(): term for term in terms}
    text = ""
    for piece in [*pieces(page), "\n"]:
        if isinstance(piece, str) and piece != "\n":
            text += piece
            continue
        for match in in_prose.finditer(text):
            context = text[max(0, match.start() - 30) : match.end() + 20]
            yield Use(by_name[match["term"].lower()], False, context)
        text = ""
        if isinstance(piece, nodes.Element):
            target = " ".join(piece["reftarget"].split())
            yield Use(by_name[target.lower()], True, piece.astext())


def unlinked(page: nodes.Node, terms: set[str]) -> dict[str, str]:
    """Each term whose first use is not a link, and the words around that use."""
    first: dict[str, Use] = {}
    for use in uses(page, terms):
        first.setdefault(use.term, use)
    return {term: use.context for term, use in first.items() if not use.linked}


def terms_of(site: Site) -> set[str]:
    return {
        " ".join(term.astext().split()) for term in site.doctree("glossary").findall(nodes.term)
    }


def pages(site: Site) -> list[str]:
    return [page for page in site.pages if page.startswith(FOLDERS) or page in OTHER_PAGES]


def test_each_term_is_linked_where_a_page_uses_it_first(site: Site) -> None:
    terms = terms_of(site)
    assert {"phase", "thread state", "legacy interpreter", "immortal object"} <= terms
    found = {
        (page, term): context
        for page in pages(site)
        for term, context in unlinked(site.doctree(page), terms).items()
    }
    assert {place: found[place] for place in found.keys() - EVERYDAY.keys()} == {}
    assert EVERYDAY.keys() - found.keys() == set(), "not needed"


def test_each_term_is_used(site: Site) -> None:
    terms = terms_of(site)
    used = {
        use.term for page in pages(site) for use in uses(site.doctree(page), terms) if use.linked
    }
    assert terms - used == set()


def paragraph(*parts: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *parts)


def link(words: str, term: str) -> nodes.Node:
    return addnodes.pending_xref("", nodes.Text(words), reftype="term", reftarget=term)


TERMS: Final = {"interpreter", "main interpreter", "GIL", "slot"}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (paragraph(nodes.Text("Two interpreters.")), {"interpreter"}),
        (paragraph(nodes.Text("Two "), link("interpreters", "interpreter")), set()),
        (paragraph(link("it", "GIL"), nodes.Text(" is one GIL.")), set()),
        (paragraph(nodes.Text("A GIL, "), link("the GIL", "GIL")), {"GIL"}),
        (paragraph(nodes.Text("The main\ninterpreter.")), {"main interpreter"}),
        (paragraph(link("main", "main interpreter"), nodes.Text(" slot")), {"slot"}),
        (paragraph(nodes.literal("", "GIL"), nodes.Text(" and a gilt slot-like thing")), set()),
        (paragraph(nodes.Text("main "), nodes.literal("", "x"), nodes.Text(" slot.")), {"slot"}),
        (nodes.section("", nodes.title("", "The GIL"), paragraph(nodes.Text("A text."))), set()),
    ],
)
def test_what_counts_as_a_first_use(page: nodes.Node, expected: set[str]) -> None:
    assert set(unlinked(page, TERMS)) == expected
