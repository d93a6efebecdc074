"""What the tags of raw HTML make of the text between them, which is no HTML itself.

In Markdown each tag in a sentence is a node beside the texts; in reStructuredText roles and
directives make such nodes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from docutils import nodes

from ..kit.nodes import block_around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# In these, text is code, is not shown, or leads or does something already.
_TAGS: Final = (
    "a|button|code|iframe|kbd|label|math|option|pre|samp|script|select|style|summary|svg|template"
    "|textarea|title|tt"
)
_TAG: Final = (
    r"<!--.*?(?:-->|\Z)"
    rf"|<(?P<end>/?)(?P<name>{_TAGS})(?=[\s/>])(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
)
# "<a id='x'/>": its author meant it to be closed. A slash behind an address without quotes is none.
_CLOSED: Final = r"(?:\A|[\s\"'])/\Z"


class _Open(NamedTuple):
    """A tag that was opened; what it does not concern is only there to find its end."""

    name: str
    place: int
    concerns_text: bool


def find_enclosed(texts: Sequence[nodes.Text]) -> frozenset[int]:
    """Places in ``texts`` of those that stand inside of a tag in which no links should be made.

    :param texts: of a page, in their order, with those of raw HTML.
    """
    enclosed: set[int] = set()
    waiting: list[_Open] = []
    for place, text in enumerate(texts):
        for tag in _tags(text):
            name = tag["name"].lower()
            if not tag["end"]:
                if not re.search(_CLOSED, tag["rest"]):
                    # Without an address it only is a place to lead to.
                    leads = name != "a" or re.search(r"\bhref\s*=", tag["rest"], re.IGNORECASE)
                    waiting.append(_Open(name, place, bool(leads)))
                continue
            opened = next((each for each in reversed(waiting) if each.name == name), None)
            if opened:
                waiting.remove(opened)
                if opened.concerns_text:
                    enclosed.update(range(opened.place + 1, place))
    for opened in waiting:
        if opened.concerns_text:
            enclosed.update(_rest_of_block(texts, opened.place))
    return frozenset(enclosed)


def _tags(text: nodes.Text) -> Iterator[re.Match[str]]:
    raw = text.parent
    if (
        isinstance(raw, nodes.raw)
        and "html" in raw.get("format", "").split()
        and not isinstance(raw.parent, nodes.substitution_definition)
    ):
        for tag in re.finditer(_TAG, str(text), re.IGNORECASE | re.DOTALL):
            if tag["name"]:
                yield tag


def _rest_of_block(texts: Sequence[nodes.Text], place: int) -> Iterator[int]:
    """The places behind a tag that nobody closed: as far as its paragraph, if it stands in one."""
    block = block_around(texts[place].parent)
    if block is not None:
        for behind in range(place + 1, len(texts)):
            if block_around(texts[behind]) is not block:
                break
            yield behind
