"""The roles ``:bpo:`` and ``:gh:``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from .model import ItemKind
from .urls import Citation, ItemLink, make_url, parse_argument
from .warnings import WarningType

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx

#: Set on each reference to an item; the value is the item's key.
ITEM: Final = "refstatus_item"
#: Set on a reference whose address is ours to choose, not one that an author wrote.
ADDRESS_IS_OURS: Final = "refstatus_address_is_ours"
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
            WarningType.ARGUMENT.warn(f"{self.rawtext}: {error}", self.get_location())
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
        node = make_link(self.rawtext, citation.text, citation.link)
        if citation.with_title:
            node[WITH_TITLE] = True
        return node


def make_link(rawtext: str, text: str, link: ItemLink) -> nodes.reference:
    """The link to ``link`` that shows ``text``; a place on the item's page keeps its address."""
    node = nodes.reference(rawtext, text, internal=False)
    node["refuri"] = make_url(link.reference, link.fragment)
    node[ITEM] = str(link.reference)
    if not link.fragment:
        node[ADDRESS_IS_OURS] = True
    return node


def setup(app: Sphinx) -> None:
    """Register the roles."""
    app.add_role("bpo", TrackerRole(ItemKind.BPO))
    app.add_role("gh", TrackerRole(ItemKind.NUMBER))
