"""No sentence of the pages for readers is too long to be read in one go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

#: Pages that are read as prose begin with one of these.
READ: Final = ("subinterpreters/", "finalization/", "index", "glossary", "messages", "supported")
MOST_WORDS: Final = 45
#: Where one sentence ends and the next begins. A version or a file name has no space behind its
#: dot.
END: Final = re.compile(r"(?<=[.!?])[)\"]*\s+(?=[^a-z])")
#: What separates sentences of one block: a list, a table or code stands between them.
BLOCKS: Final = (nodes.paragraph, nodes.term, nodes.caption)


def spoken(node: nodes.Node) -> str:
    """The text of a block as somebody would read it aloud.

    Code counts as one word: its author is not the one who wrote the sentence.
    """
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.literal):
        return "Code"
    if isinstance(node, nodes.comment):
        return ""
    return "".join(map(spoken, node.children))


def sentences(page: nodes.Node) -> Iterator[str]:
    """Every sentence of a page that is prose, a table or a caption."""
    for block in page.findall(lambda node: isinstance(node, BLOCKS)):
        yield from END.split(" ".join(spoken(block).split()))


def words(sentence: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in sentence.split())


def test_no_sentence_is_too_long(site: Site) -> None:
    pages = [page for page in site.pages if page.startswith(READ)]
    assert len(pages) > 10
    long = {
        f"{page}: {words(sentence)} words": sentence
        for page in pages
        for sentence in sentences(site.doctree(page))
        if words(sentence) > MOST_WORDS
    }
    assert long == {}


def paragraph(*parts: nodes.Node | str) -> nodes.paragraph:
    children = [nodes.Text(part) if isinstance(part, str) else part for part in parts]
    return nodes.paragraph("", "", *children)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (paragraph("One. Two! Three"), [1, 1, 1]),
        (paragraph('Since 3.12.1 it works (as e.g. import.c says). Then "no." Yes.'), [8, 2, 1]),
        (paragraph("It says ", nodes.literal("", "x is not y"), ", and\nends."), [5]),
        (paragraph("A -- b - c"), [3]),
        (nodes.bullet_list("", nodes.list_item("", paragraph("A b"), paragraph("c"))), [2, 1]),
    ],
)
def test_what_a_sentence_is(block: nodes.Element, expected: list[int]) -> None:
    assert [words(sentence) for sentence in sentences(nodes.section("", block))] == expected
