"""The roles ``:bpo:`` and ``:gh:``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from ..kit.nodes import joined
from .domain import WITH_TITLE, CitationDomain, make_link
from .urls import Citation, parse_argument
from .warnings import WarningType

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message

    from .model import ItemKind

#: Class of the text of an item that the author wants without a link.
NOT_A_LINK: Final = "refstatus-not-a-link"


class TrackerRole(SphinxRole):
    """Links to one or more items; the grammar is that of :func:`.urls.parse_argument`."""

    def __init__(self, kind: ItemKind) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[Node], list[system_message]]:
        home = CitationDomain.of(self.env).settings.repository
        try:
            citations = parse_argument(self.text, self.kind, home)
        except ValueError as error:
            WarningType.ARGUMENT.warn(f"{self.rawtext}: {error}", self.get_location())
            return [nodes.literal(self.rawtext, self.rawtext)], []
        return list(joined(map(self._make_node, citations))), []

    def _make_node(self, citation: Citation) -> Node:
        if citation.link is None:
            return nodes.inline("", citation.text, classes=[NOT_A_LINK])
        node = make_link(self.rawtext, citation.text, citation.link)
        if citation.with_title:
            node[WITH_TITLE] = True
        return node
