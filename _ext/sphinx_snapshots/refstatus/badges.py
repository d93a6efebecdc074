"""The badge behind each link, and the link's final address: added when a page is written.

In HTML the badge is no node but an attribute of the link, which :mod:`.html` writes: so what a link
holds, and what the text of a page is, stays what the author wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..kit.nodes import EVIDENCE, find_all
from .domain import (
    ADDRESS_IS_OURS,
    IN_LIST,
    ITEM,
    WITH_TITLE,
    CitationDomain,
    address_of,
    mark_item,
)
from .model import ItemKind, one_line
from .urls import make_url

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from .model import Reference, Status
    from .words import Badge

#: Set on each link that has a badge; the value is its words: ``"not planned"``.
BADGE: Final = "refstatus_badge"
#: Set on a link whose text must not mix with that around it, which is read from the right.
ISOLATED: Final = "refstatus_isolated"

_CODE: Final = (nodes.FixedTextElement, nodes.literal)
# A text of so many characters stays on one line with its badge, also on a phone.
_LONGEST_NAME: Final = 20


class BadgeWords(nodes.inline):
    """The state behind a link, in formats other than HTML: shown, but no part of any text.

    Writers name the nodes of Info and head manual pages with the text of a heading, and such a name
    is an address that must not change with the state of an item.
    """

    tagname = "inline"

    def astext(self) -> str:
        return ""


class CompleteLinks(SphinxPostTransform):
    """Sends links to items to their final addresses, and adds titles."""

    # Behind the lists (380), whose links are like all others; before LaTeX writes the addresses
    # of links into footnotes (400) and linkcheck collects them (800).
    default_priority = 390

    def run(self, **kwargs: Any) -> None:
        domain = CitationDomain.of(self.env)
        if domain.format == "html":  # nobody looks at addresses there before badges are added
            return
        for node in self.document.findall(nodes.reference):
            # A copy that names no evidence is a plain link.
            if ITEM in node and node.get(EVIDENCE):
                _complete(node, domain)


def add_badges(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Give each link to an item its badge, when all transforms are done with the page.

    So a badge stands also in a link that another extension made after the page was read, and
    nobody who looks at the text of a link meanwhile takes the words of a badge for a part of it.
    """
    domain = CitationDomain.of(app.env)
    settings, shows_badges, is_html = domain.settings, domain.shows_badges, domain.format == "html"
    for node in find_all(document, nodes.reference):
        # A node that was copied and resolved before has its badge.
        if BADGE in node.attributes or not mark_item(node, settings):
            continue
        badge = _complete(node, domain)
        if not shows_badges or (node.parent.__class__ is not nodes.paragraph and _is_in_code(node)):
            continue
        if (
            settings.has_quiet
            and IN_LIST not in node  # a list is there for the states
            and settings.is_quiet(badge.status, _page_of(node, docname))
        ):
            continue
        attributes = node.attributes  # this is done for each link of each page
        attributes[BADGE] = badge.words
        if is_html:
            if domain.wording.is_right_to_left:
                attributes[ISOLATED] = True
            if len(node.astext()) <= _LONGEST_NAME:
                attributes["classes"].append("refstatus-name")
        # Writers insist that an image is alone in its link, and mostly that link in its paragraph.
        elif not all(isinstance(child, nodes.image) for child in node.children):
            _say_behind(node, badge.words)


def _is_in_code(node: nodes.Node) -> bool:
    """Whether a link is a part of code: readers copy that, and its columns have their widths."""
    around = node.parent
    while isinstance(around, nodes.Inline) and not isinstance(around, _CODE):
        around = around.parent  # type: ignore[attr-defined]  # a mark of nodes, but no node
    return isinstance(around, _CODE)


def _say_behind(node: nodes.reference, words: str) -> None:
    """Put the state behind a link, not in it: all that writers do depends on what the link holds.

    A text that is the address is shown once, and can be broken over lines.
    """
    parent = node.parent
    parent.insert(parent.index(node) + 1, BadgeWords("", f" ({words})"))


def _page_of(node: nodes.Node, docname: str) -> str:
    """The page that a node was written on, also where ``docname`` holds all pages."""
    parent = node.parent
    # Sphinx notes the page on the sections of those that it puts together.
    while parent is not None and "docname" not in parent:
        parent = parent.parent
    return docname if parent is None else str(parent["docname"])


def _complete(node: nodes.reference, domain: CitationDomain) -> Badge:
    """Add title and tooltip to a link, and send it to the item's own page.

    Done again, as for a page whose transforms see a node twice, it changes nothing.
    """
    attributes = node.attributes
    badge = domain.badge(attributes[ITEM])
    status = badge.status
    if _leads_elsewhere(node, status, prefers_github=domain.settings.bpo_links == "github"):
        node["refuri"] = make_url(status.reference, is_pull=bool(status.is_pull))
    if attributes.pop(WITH_TITLE, False) and status.title:
        title = one_line(status.title)
        if domain.format == "man" and isinstance(node.parent, nodes.title):
            # Sphinx writes these headings without escaping anything (``visit_title`` in its manpage
            # writer), and a backslash starts a command there.
            title = title.replace("\\", "\N{FULLWIDTH REVERSE SOLIDUS}")
        node += nodes.Text(f": {title}")
    # Texinfo shows this, the text of a named link, instead of what the link holds.
    attributes.pop("name", None)
    attributes.setdefault("reftitle", badge.description)
    return badge


def _leads_elsewhere(node: nodes.reference, status: Status, *, prefers_github: bool) -> bool:
    """Whether the link leads to another address than the author wrote: only if a record says so.

    A link to a comment stays. A bpo link goes to GitHub if the site wants it so, but not where the
    address itself is the text that the reader sees.
    """
    item: Reference = node.attributes[ITEM]
    is_another = status.reference != item
    if item.kind is not ItemKind.BPO:
        # The address of an issue that did not move is right already.
        may_differ = status.is_pull or (status.is_pull is not None and is_another)
        return bool(may_differ and node.attributes[EVIDENCE] == ADDRESS_IS_OURS)
    uri = address_of(node)
    return is_another and prefers_github and not uri.partition("#")[2] and node.astext() != uri
