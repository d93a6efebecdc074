"""The roles ``:bpo:`` and ``:gh:``, under the names that a site gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util import docutils
from sphinx.util.docutils import SphinxRole

from ..kit.nodes import joined
from .domain import WITH_TITLE, CitationDomain, make_link
from .model import ItemKind
from .settings import RefstatusSettings
from .urls import Citation, parse_argument
from .warnings import WarningType

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx

# The roles, and what a number means in each.
_ROLES: Final = {"gh": ItemKind.NUMBER, "bpo": ItemKind.BPO}
#: Class of the text of an item that the author wants without a link.
NOT_A_LINK: Final = "refstatus-not-a-link"


def add_roles(app: Sphinx) -> None:
    """Register the roles: under the names that ``conf.py`` has, or where their own are free.

    A site that has a role ``gh`` already keeps it: its links have badges like all others. Only a
    role that ``conf.py`` gives to this extension is replaced. This is done when all extensions have
    registered theirs, also those that do so late, like extlinks.
    """
    named = RefstatusSettings.of(app.config).roles
    if named is None:
        named = tuple((name, name) for name in _ROLES if not docutils.is_role_registered(name))
    for name, role in named:
        app.add_role(name, TrackerRole(_ROLES[role]), override=True)


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
