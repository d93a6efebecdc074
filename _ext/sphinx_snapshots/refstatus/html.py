"""How badges and bars are written in HTML: by the theme's own translator, extended.

A node of our own, with visitors, would not do for badges: it would have to stand in the link, where
writers, the search index and other extensions take it for a part of the text. And Sphinx ties such
visitors to the translator of each page, in a circle that keeps all that was written in memory until
Python looks for circles (``SphinxComponentRegistry.create_translator``). Methods of a class do not.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from .badges import BADGE, ISOLATED
from .domain import ITEM, CitationDomain
from .model import State

if TYPE_CHECKING:
    from .model import Status
    from .words import Badge


class RefstatusBar(nodes.inline):
    """The shares of the states as a bar; attribute ``counts``: pairs of state and number.

    It repeats what the words before it say: other formats leave it out.
    """


class RefstatusLabel(nodes.inline):
    """A badge that stands alone; attribute ``badge``. Other formats show the words in it."""


class BadgeWriter(HTML5Translator):
    """Methods that the translator of a build gets in addition."""

    def visit_reference(self, node: nodes.Element) -> None:
        super().visit_reference(node)
        if ISOLATED in node.attributes:
            self.body.append("<bdi>")

    def depart_reference(self, node: nodes.reference) -> None:
        if ISOLATED in node.attributes:
            self.body.append("</bdi>")
        if BADGE in node.attributes:
            self.body.append(_write_badge(CitationDomain.of(self.builder.env).badge(node[ITEM])))
        super().depart_reference(node)

    def visit_RefstatusLabel(self, node: nodes.Element) -> None:  # noqa: N802  named by the node
        self.body.append(_write_badge(node["badge"]))
        raise nodes.SkipNode

    def visit_RefstatusBar(self, node: nodes.Element) -> None:  # noqa: N802  named by the node
        self.body.append(_write_bar(node["counts"]))
        raise nodes.SkipNode


def _write_badge(badge: Badge) -> str:
    """The words as a small label. All else is told by the tooltip of the link, which is read once.

    The space, which parts the words from the link in what is copied, stands in the label: there it
    is neither underlined nor stretched in justified text.
    """
    return (
        f'<span class="refstatus refstatus-{look_of(badge.status)}"> '
        f"{html.escape(badge.words)}</span>"
    )


def look_of(status: Status) -> str:
    """Name of the badge's look; a pull request closed unmerged is no closed issue."""
    if status.state is State.CLOSED and status.is_pull:
        return "closed-unmerged"
    return _name_look(status.state)


def _name_look(state: State) -> str:
    return state.replace(" ", "-")


def _write_bar(counts: list[tuple[State, int]]) -> str:
    """A drawing, since widths in an attribute ``style`` are what strict content policies forbid."""
    parts, start = [], 0
    for state, number in counts:
        parts.append(
            f'<rect class="refstatus-share refstatus-{_name_look(state)}" '
            f'x="{start}" width="{number}" height="1"/>'
        )
        start += number
    return (
        # An EPUB is XHTML, where a drawing has to say what it is.
        '<svg class="refstatus-bar" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {start} 1" preserveAspectRatio="none" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )
