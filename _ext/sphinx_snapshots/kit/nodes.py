"""Pieces of pages that several extensions make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docutils.nodes import Node

_N = TypeVar("_N", bound=nodes.Node)

#: Set, to True or another true value, on what names the evidence of a statement: a mark of a probe,
#: a link to a tracker item. A copy of the statement elsewhere sets it to False on its links, which
#: then are plain ones, and leaves out a node that has no text of its own.
EVIDENCE: Final = "evidence"


def find_all(root: nodes.Node, kind: type[_N]) -> Iterator[_N]:
    """The nodes of a kind in ``root``, in their order, like ``root.findall(kind)`` but faster.

    docutils hands each of them on through one generator for each level of the tree.
    """
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kind):
            yield node
        if node.children:
            waiting += node.children[::-1]


def block_around(node: nodes.Node) -> nodes.TextElement | None:
    """The paragraph, heading or the like that a node stands in: the outermost element of text."""
    block = None
    around = node.parent
    while around is not None:
        if isinstance(around, nodes.TextElement):
            block = around
        around = around.parent
    return block


def table(
    heads: Iterable[str],
    widths: Sequence[int],
    rows: Iterable[nodes.row],
    classes: Iterable[str] = (),
) -> nodes.table:
    """A table with one row of heads.

    :param widths: of the columns, as parts of the whole.
    """
    group = nodes.tgroup(cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", nodes.row("", *(cell(text(head)) for head in heads)))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=list(classes))


def cell(*content: Node) -> nodes.entry:
    """A cell of a table."""
    return nodes.entry("", *content)


def text(words: str) -> nodes.paragraph:
    """A paragraph of plain text."""
    return nodes.paragraph(words, words)


def joined(parts: Iterable[Node]) -> Iterator[Node]:
    """The parts with commas between them."""
    for number, part in enumerate(parts):
        if number:
            yield nodes.Text(", ")
        yield part
