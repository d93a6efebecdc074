"""Quotes before a word that becomes a link are curled as if it had stayed a part of its text.

Sphinx curls quotes text by text, and takes one at the end of a text for a closing one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from docutils.transforms.universal import SmartQuotes
from sphinx.util.nodes import is_smartquotable

from ..kit.nodes import block_around

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUOTES: Final = ("'", '"')


def curl_last(document: nodes.document, text: nodes.Text, parts: Sequence[str]) -> str:
    """The second part, with its quotes curled if it ends with one: else Sphinx will do it well.

    Sphinx itself does so, on a page that has nothing else. What it curled, it leaves alone later.

    :param text: what the parts are of.
    :param parts: what is before, or empty; what ends before the word; and the word.
    """
    before, piece, word = parts
    if not piece.endswith(_QUOTES) or not is_smartquotable(text):
        return piece
    smart = _transform_of(document)
    block = block_around(text)
    if smart is None or block is None or isinstance(block, smart.nodes_to_skip):
        return piece
    paragraph = nodes.paragraph(
        "", "", nodes.Text(before or _before(text, block)), nodes.Text(piece + word)
    )
    if language := text.parent.get_language_code(""):
        paragraph["classes"].append(f"language-{language}")
    page = nodes.document(document.settings, document.reporter)
    page += paragraph
    smart(page, startnode=None).apply()
    return str(paragraph[-1]).removesuffix(word)


def _transform_of(document: nodes.document) -> type[SmartQuotes] | None:
    """What will curl the quotes of this page, if anything does."""
    waiting = (transform for _, transform, *_ in document.transformer.transforms)
    return next((each for each in waiting if issubclass(each, SmartQuotes)), None)


def _before(text: nodes.Text, block: nodes.TextElement) -> str:
    before = " "
    for other in block.findall(nodes.Text):
        if other is text:
            break
        before = str(other) or before
    return before
