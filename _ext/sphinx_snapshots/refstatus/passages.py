"""The passages of a page that was read: each block that cites an item, and what leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util.nodes import traverse_parent

from ..kit.nodes import EVIDENCE, find_all
from ..kit.pages import section_of
from .claims import BLANK, Mention, Passage, is_lead, is_short
from .domain import ITEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import Reference

#: Set on a link to an item beside which the sentence stands as it is.
STANDS: Final = "refstatus_stands"
#: Set on what was written while an item had a state; the value is the `Reference`.
WRITTEN_WHILE: Final = "refstatus_written_while"

_NOT_PROSE: Final = (nodes.literal, nodes.math, nodes.problematic, nodes.FixedTextElement)
_NOT_SHOWN: Final = (nodes.Invisible, nodes.raw, nodes.footnote_reference, nodes.image)
_QUOTES: Final = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\0": " "})


def find_passages(document: nodes.document) -> Iterator[tuple[str, Passage]]:
    """The passages that cite an item, in their order, each with the path of its source file.

    The path is as docutils has it; empty if it is not known.
    """
    reader = _Reader()
    blocks: dict[nodes.Element, None] = {}
    for node in find_all(document, nodes.reference):
        if ITEM in node and node.get(EVIDENCE) and (block := _block_of(node)) is not None:
            blocks[block] = None
    for block in blocks:
        passage = reader.read(block)
        source = next((node.source for node in traverse_parent(block) if node.source), "")
        yield source, passage._replace(leads=tuple(reader.leads(block, passage)))


def _block_of(node: nodes.Node) -> nodes.Element | None:
    """The paragraph, term, heading or the like around a link."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline):
            return node
    return None


class _Reader:
    """Reads blocks, those that are looked at again and again once."""

    def __init__(self) -> None:
        self._known: dict[nodes.Element, Passage] = {}

    def read(self, block: nodes.Element) -> Passage:
        """The text of a block, and the items in it; it has no leads yet."""
        passage = self._known.get(block)
        if passage is None:
            passage = self._known[block] = _read(block)
        return passage

    def leads(self, block: nodes.Element, passage: Passage) -> Iterator[str]:
        """What is said of all in a block, the nearest first."""
        stands_alone = is_short(passage)
        node = block
        while node.parent is not None and not isinstance(node, nodes.section):
            around = node.parent
            if isinstance(around, nodes.list_item):
                stands_alone = True
                yield from self._of_list(around.parent)
            elif isinstance(around, nodes.entry):
                stands_alone = True
                yield from self._of_row(around)
            elif isinstance(around, nodes.definition_list_item):
                yield from self._of_others(node, around)
            node = around
        section = section_of(block)
        if section is not None and stands_alone and not isinstance(block, nodes.title):
            yield from self._said_in(section.children[:1])

    def _said_in(self, blocks: Iterable[nodes.Node]) -> Iterator[str]:
        for block in blocks:
            if isinstance(block, nodes.TextElement):
                passage = self.read(block)
                if is_lead(passage):
                    yield passage.prose

    def _of_list(self, items: nodes.Element) -> Iterator[str]:
        place = items.parent.index(items)
        yield from self._said_in(items.parent.children[max(place - 1, 0) : place])

    def _of_others(self, node: nodes.Element, item: nodes.Element) -> Iterator[str]:
        """The term of a definition, or what defines a term."""
        for other in item.children:
            if other is not node and isinstance(other, nodes.Element):
                passage = self.read(other)
                if not passage.mentions and is_short(passage):
                    yield passage.prose

    def _of_row(self, entry: nodes.entry) -> Iterator[str]:
        row = entry.parent
        heads = self._heads(row)
        for number, other in enumerate(row.children):
            head = heads[number] if number < len(heads) else ""
            if other is entry:
                own = head
            elif isinstance(other, nodes.Element):
                passage = self.read(other)
                if not passage.mentions and is_short(passage) and passage.prose.strip():
                    yield f"{head} {passage.prose}".strip()
        if own:
            yield own

    def _heads(self, row: nodes.Element) -> list[str]:
        """What stands above each column."""
        group = row.parent.parent
        head = next((part for part in group.children if isinstance(part, nodes.thead)), None)
        if head is None or row.parent is head:
            return []
        last = head.children[-1]
        assert isinstance(last, nodes.row)
        return [self.read(cell).prose for cell in last.children if isinstance(cell, nodes.Element)]


def _read(block: nodes.Element) -> Passage:
    text: list[str] = []
    prose: list[str] = []
    found: list[tuple[int, int, nodes.reference]] = []
    length = 0

    def walk(node: nodes.Node, *, is_prose: bool) -> None:
        nonlocal length
        if isinstance(node, nodes.Text):
            words = str(node).translate(_QUOTES)
            text.append(words)
            prose.append(words if is_prose else BLANK * len(words))
            length += len(words)
        elif isinstance(node, nodes.Element) and not isinstance(node, _NOT_SHOWN):
            is_item = ITEM in node and isinstance(node, nodes.reference)
            start = length
            for number, child in enumerate(node.children):
                is_block = not isinstance(child, nodes.Inline)
                if number and is_block and isinstance(child, nodes.TextElement):
                    # Blocks in a cell.
                    text.append("\n\n")
                    prose.append("\n\n")
                    length += 2
                walk(child, is_prose=is_prose and not is_item and not isinstance(node, _NOT_PROSE))
            if is_item and node.get(EVIDENCE):
                assert isinstance(node, nodes.reference)
                found.append((start, length, node))

    walk(block, is_prose=True)
    whole = "".join(text)
    line = next((node.line for node in traverse_parent(block) if node.line), 1)
    mentions = tuple(
        Mention(start, end, str(node[ITEM]), line + whole.count("\n", 0, start), _is_settled(node))
        for start, end, node in found
    )
    return Passage(whole, "".join(prose), mentions)


def _is_settled(link: nodes.reference) -> bool:
    """Whether a marker stands behind a link, or a note around it tells what became of the item."""
    if STANDS in link:
        return True
    item: Reference = link[ITEM]
    node: nodes.Element | None = link.parent
    while node is not None:
        if node.get(WRITTEN_WHILE) == item:
            return True
        node = node.parent
    return False
