"""The outside addresses of a site, and where they are used: what any build loads of ``linkcheck``.

The verdict on them is made in :mod:`.linkcheck`, which only that builder needs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders.linkcheck import CheckExternalLinksBuilder, HyperlinkCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import get_node_line

from ..kit.nodes import EVIDENCE, find_all
from .domain import ADDRESS_IS_OURS, CitationDomain, address_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from .verdicts import Place


class CollectingBuilder(CheckExternalLinksBuilder):
    """The part of the builder that notes where addresses are used."""

    def init(self) -> None:
        super().init()
        #: Address to where it is used.
        self.uses: dict[str, set[Place]] = {}
        #: Address to what is asked for in its place, mostly itself.
        self.final: dict[str, str] = {}


class NoteUses(SphinxPostTransform):
    """Notes every place that uses an address: Sphinx itself keeps the first only."""

    builders = ("linkcheck",)
    # Behind Sphinx's own, for which all addresses are final.
    default_priority = HyperlinkCollector.default_priority + 1

    def run(self, **kwargs: Any) -> None:
        builder = self.env._app.builder if hasattr(self.env, "_app") else self.env.app.builder
        if not isinstance(builder, CollectingBuilder):
            return  # another extension has replaced it as well
        from .verdicts import Place

        # Sphinx's own rule is in what asks for an address, for the first page that has it only.
        excluded = builder.config.linkcheck_exclude_documents
        if any(re.match(pattern, self.env.docname) for pattern in excluded):
            return
        page = str(self.env.doc2path(self.env.docname, base=False))
        found: list[nodes.Element] = [*find_all(self.document, nodes.reference)]
        found += find_all(self.document, nodes.image)
        found += find_all(self.document, nodes.raw)
        for node in found:
            if uri := _uri_of(node):
                place = Place(page, line_of(node))
                builder.uses.setdefault(self._asked_for(uri, builder), set()).add(place)

    def _asked_for(self, uri: str, builder: CollectingBuilder) -> str:
        """What other extensions have Sphinx ask for in place of an address."""
        known = builder.final.get(uri)
        if known is None:
            known = self.env.events.emit_firstresult("linkcheck-process-uri", uri) or uri
            builder.final[uri] = known
        return known


def _uri_of(node: nodes.Element) -> str | None:
    """The address that Sphinx finds in a node (``HyperlinkCollector``, in parts since 7.3)."""
    found: str | None
    if isinstance(node, nodes.image):
        candidates: dict[str, str] = node.get("candidates") or {}
        found = candidates.get("?")
    else:
        is_link = isinstance(node, nodes.reference)
        found = node.get("refuri" if is_link else "source")
        if is_link and found and is_file(found):
            return found
    return found if found and "://" in found else None


def is_file(uri: str) -> bool:
    """Whether Sphinx's ``linkcheck`` looks for a file beside the page (`_check` of its worker)."""
    is_other = uri.startswith(("#", "mailto:", "tel:", "http:", "https:"))
    return bool(uri) and not is_other and not re.match(r"([a-z]+:)?//", uri)


def line_of(node: nodes.Element) -> int:
    """The line that docutils has for a node or what is around it; 0 where it has none."""
    try:
        return get_node_line(node)
    except ValueError:
        return 0


def note_links(app: Sphinx, document: nodes.document) -> None:
    """Note the outside addresses that the author of a page wrote, also with a role.

    Left out is what a role makes of an item: the snapshot has the final address of that.
    """
    found = tuple(
        (uri, line_of(node))
        for node in find_all(document, nodes.reference)
        if (uri := address_of(node)).startswith(("http:", "https:"))
        and node.get(EVIDENCE) != ADDRESS_IS_OURS
    )
    if found:
        CitationDomain.of(app.env).links[app.env.docname] = found


def links_as_written(domain: CitationDomain) -> dict[str, list[Place]]:
    """The addresses that :func:`note_links` noted, and where."""
    from .verdicts import Place

    found: dict[str, list[Place]] = {}
    for docname, links in sorted(domain.links.items()):
        page = str(domain.env.doc2path(docname, base=False))
        for uri, line in links:
            found.setdefault(uri, []).append(Place(page, line))
    return found
