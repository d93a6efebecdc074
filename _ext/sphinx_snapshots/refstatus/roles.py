"""The roles ``:bpo:`` and ``:gh:``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util import docutils
from sphinx.util.docutils import SphinxRole

from ..kit.nodes import joined
from .domain import WITH_TITLE, CitationDomain, make_link
from .model import ItemKind
from .urls import Citation, parse_argument
from .warnings import WarningType

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx

#: Class of the text of an item that the author wants without a link.
NOT_A_LINK: Final = "refstatus-not-a-link"


def add_roles(app: Sphinx) -> None:
    """Register the roles where their names are free.

    A site that has a role ``gh`` already keeps it: its links have badges like all others. This is
    done when all extensions have registered theirs, also those that do so late, like extlinks.
    """
    for name, kind in (("bpo", ItemKind.BPO), ("gh", ItemKind.NUMBER)):
        if not docutils.is_role_registered(name):
            app.add_role(name, TrackerRole(kind))


class TrackerRole(SphinxRole):
    """Links to one or more items; the grammar is that of :func:`.urls.parse_argument`."""

    def __init__(self, kind: ItemKind) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[Node], list[system_message]]:
        settings = CitationDomain.of(self.env).settings
        try:
            citations = parse_argument(self.text, self.kind, settings.repository)
            for citation in citations:
                if citation.link and (host := citation.link.reference.host) not in {
                    "",
                    *settings.hosts,
                }:
                    raise ValueError(f"{host} is not known; add it to refstatus_github_hosts")
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
