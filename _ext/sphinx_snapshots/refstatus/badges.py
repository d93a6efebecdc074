"""The badge behind each link, and the link's final address: added when a page is written."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..kit.nodes import EVIDENCE
from .domain import ADDRESS_IS_OURS, ITEM, WITH_TITLE, CitationDomain
from .model import ItemKind, State, Status, one_line
from .urls import make_url, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .snapshot import Snapshot

#: Set on each badge; the value is its words: ``"not planned"``.
BADGE: Final = "refstatus_badge"

# A text of so many characters stays on one line with its badge, also on a phone.
_LONGEST_NAME: Final = 20


class AddBadges(SphinxPostTransform):
    """Puts a badge into each link to a tracker item."""

    # Before linkcheck collects the links (800): the addresses must be the final ones.
    default_priority = 400

    def run(self, **kwargs: Any) -> None:
        domain = CitationDomain.of(self.env)
        for node in _links_to_items(self.document):
            # A copy that names no evidence is a plain link.
            if EVIDENCE not in node:
                continue
            status = domain.snapshot.status(node[ITEM])
            _complete(node, status, domain)
            if domain.shows_badges:
                if len(node.astext()) <= _LONGEST_NAME:
                    node["classes"].append("refstatus-name")
                node += make_badge(status, as_html=domain.format == "html")


class SpareKnownLinks(SphinxPostTransform):
    """Has linkcheck list the addresses of known items as ignored, and ask for all others.

    A refresh asked for these items, several hundred in a handful of requests. The builder would ask
    for each again, one by one, until GitHub has enough of it.
    """

    # Behind the transform that gives links to items their final addresses.
    default_priority = AddBadges.default_priority + 1
    builders = ("linkcheck",)

    def run(self, **kwargs: Any) -> None:
        domain = CitationDomain.of(self.env)
        if domain.settings.linkcheck_known:
            return
        addresses = {node["refuri"] for node in _links_to_items(self.document)}
        known = {f"{re.escape(uri)}\\Z" for uri in addresses if _is_known(uri, domain.snapshot)}
        new = known.difference(self.config.linkcheck_ignore)
        # A list of its own: what is in conf.py stays as it is.
        self.config.linkcheck_ignore = [*self.config.linkcheck_ignore, *sorted(new)]


def _is_known(uri: str, snapshot: Snapshot) -> bool:
    """Whether ``uri`` is the address of an item's own page, and the page was there at the refresh.

    What is on the page (a comment, the files of a pull request) the snapshot does not know.
    """
    link = parse_url(uri)
    if link is None or not snapshot.knows(link.reference):
        return False
    return uri in {make_url(link.reference), make_url(link.reference, is_pull=True)}


def _links_to_items(document: nodes.document) -> Iterator[nodes.reference]:
    return (node for node in document.findall(nodes.reference) if ITEM in node)


def _complete(node: nodes.reference, status: Status, domain: CitationDomain) -> None:
    """Add title and tooltip to a link, and send it to the item's own page."""
    if _address_is_ours(node, prefers_github=domain.settings.bpo_links == "github"):
        node["refuri"] = make_url(status.reference, is_pull=bool(status.is_pull))
    if node.get(WITH_TITLE) and status.title:
        title = one_line(status.title)
        if domain.format == "man" and isinstance(node.parent, nodes.title):
            # Sphinx writes these headings without escaping anything (``visit_title`` in its manpage
            # writer), and a backslash starts a command there.
            title = title.replace("\\", "\N{FULLWIDTH REVERSE SOLIDUS}")
        node += nodes.Text(f": {title}")
    # Texinfo shows this, the text of a named link, instead of what the link holds.
    node.attributes.pop("name", None)
    node.setdefault("reftitle", status.description)


def make_badge(status: Status, *, as_html: bool) -> nodes.inline | nodes.raw:
    """The badge that shows ``status``: in other formats than HTML, its words in brackets.

    It is made of what every writer knows. For a node of our own Sphinx would tie visitors to the
    writer of each page, in a circle: all that was written would stay in memory until Python looks
    for circles (``SphinxComponentRegistry.create_translator``).
    """
    if as_html:
        badge: nodes.inline | nodes.raw = nodes.raw("", _make_html(status), format="html")
    else:
        badge = nodes.inline("", f" ({status.words})")
    badge[BADGE] = status.words
    return badge


def _make_html(status: Status) -> str:
    """The word as a small label; its accessible name says all that the tooltip says."""
    return (
        f' <span class="refstatus refstatus-{look_of(status)}" role="img" '
        f'aria-label="{html.escape(status.description)}">{html.escape(status.words)}</span>'
    )


def look_of(status: Status) -> str:
    """Name of the badge's look; a pull request closed unmerged is no closed issue."""
    if status.state is State.CLOSED and status.is_pull:
        return "closed-unmerged"
    return status.state.replace(" ", "-")


def _address_is_ours(node: nodes.reference, *, prefers_github: bool) -> bool:
    """Whether the link may lead elsewhere than the author wrote.

    A link to a comment stays. A bpo link goes to GitHub if the site wants it so, but not where the
    address itself is the text that the reader sees.
    """
    if node[ITEM].kind is not ItemKind.BPO:
        return bool(node.get(ADDRESS_IS_OURS))
    uri = node["refuri"]
    return prefers_github and not uri.partition("#")[2] and node.astext() != uri
