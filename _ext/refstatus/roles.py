"""The roles ``:bpo:`` and ``:gh:``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from .model import ItemKind
from .urls import Citation, make_url, parse_argument
from .warnings import WarningType, warn

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx

#: Set on a reference whose address is ours to choose, not one that an author wrote.
MADE_BY_ROLE: Final = "refstatus_made_by_role"
#: Set on a reference that shows the item's title after its text.
WITH_TITLE: Final = "refstatus_with_title"

#: Class of the text of an item that the author wants without a link.
NOT_A_LINK: Final = "refstatus-not-a-link"

_SEPARATOR: Final = ", "


class TrackerRole(SphinxRole):
    """Links to one or more items; the grammar is that of :func:`.urls.parse_argument`."""

    def __init__(self, kind: ItemKind) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[Node], list[system_message]]:
        try:
            citations = parse_argument(self.text, self.kind, self.config.refstatus_repository)
        except ValueError as error:
            warn(WarningType.ARGUMENT, f"{self.rawtext}: {error}", self.get_location())
            return [nodes.literal(self.rawtext, self.rawtext)], []
        result: list[Node] = []
        for citation in citations:
            if result:
                result.append(nodes.Text(_SEPARATOR))
            result.append(self._make_node(citation))
        return result, []

    def _make_node(self, citation: Citation) -> Node:
        if citation.link is None:
            return nodes.inline("", citation.text, classes=[NOT_A_LINK])
        url = make_url(citation.link.reference, citation.link.fragment)
        reference = nodes.reference(
            self.rawtext, citation.text, refuri=url, internal=False, **{MADE_BY_ROLE: True}
        )
        if citation.with_title:
            reference[WITH_TITLE] = True
        self.set_source_info(reference)
        return reference


def setup(app: Sphinx) -> None:
    """Register the roles."""
    app.add_role("bpo", TrackerRole(ItemKind.BPO))
    app.add_role("gh", TrackerRole(ItemKind.NUMBER))
