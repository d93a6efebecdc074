"""The badge behind each link: added when a page is resolved, shown by every writer."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..kit.pages import add_static_folder
from .collect import CitationDomain
from .model import ItemKind, State, Status, one_line
from .roles import ADDRESS_IS_OURS, ITEM, WITH_TITLE
from .urls import make_url

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: Set on each badge; the value is its words: ``"not planned"``.
BADGE: Final = "refstatus_badge"

_STATIC_FOLDER: Final = Path(__file__).parent / "static"
_CSS_FILE: Final = "refstatus.css"
# A text of so many characters stays on one line with its badge, also on a phone.
_LONGEST_NAME: Final = 20


class AddBadges(SphinxPostTransform):
    """Puts a badge into each link to a tracker item."""

    # Before linkcheck collects the links (800): the addresses must be the final ones.
    default_priority = 400

    def run(self, **kwargs: Any) -> None:
        domain = CitationDomain.of(self.env)
        for node in self.document.findall(nodes.reference):
            key = node.get(ITEM)
            if key is not None:
                status = domain.snapshot.status_of(key)
                _complete(node, status, self.config)
                if domain.shows_badges:
                    if len(node.astext()) <= _LONGEST_NAME:
                        node["classes"].append("refstatus-name")
                    node += make_badge(status, as_html=domain.writes_html)


class DisarmHeadings(SphinxPostTransform):
    """Takes the backslashes out of titles in the headings of manual pages.

    Sphinx writes those headings without escaping anything (``visit_title`` in its manpage writer),
    and a backslash starts a command there.
    """

    builders = ("man",)
    default_priority = AddBadges.default_priority + 1

    def run(self, **kwargs: Any) -> None:
        for heading in self.document.findall(nodes.title):
            for node in heading.findall(nodes.reference):
                if node.get(WITH_TITLE):
                    for text in list(node.findall(nodes.Text)):
                        harmless = text.replace("\\", "\N{FULLWIDTH REVERSE SOLIDUS}")
                        text.parent.replace(text, nodes.Text(harmless))


def _complete(node: nodes.reference, status: Status, config: Config) -> None:
    """Add title and tooltip to a link, and send it to the item's own page."""
    if _address_is_ours(node, config):
        node["refuri"] = make_url(status.reference, is_pull=bool(status.is_pull))
    if node.get(WITH_TITLE) and status.title:
        node += nodes.Text(f": {one_line(status.title)}")
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


def _address_is_ours(node: nodes.reference, config: Config) -> bool:
    """Whether the link may lead elsewhere than the author wrote.

    A link to a comment stays. A bpo link goes to GitHub if the configuration says so, but not
    where the address itself is the text that the reader sees.
    """
    if not node[ITEM].startswith(f"{ItemKind.BPO}-"):
        return bool(node.get(ADDRESS_IS_OURS))
    uri = node["refuri"]
    leads_to_whole_item = not uri.partition("#")[2]
    return (
        leads_to_whole_item
        and bool(config.refstatus_bpo_links == "github")
        and node.astext() != uri
    )


def describe_page(app: Sphinx, docname: str) -> str:
    """All that ``docname`` shows of the snapshot, as text to be compared with another build's."""
    domain = CitationDomain.of(app.env)
    if docname not in domain.cited:
        return ""
    shown = map(domain.snapshot.status_of, domain.cited[docname])
    lines = (f"{status.reference} {status.is_pull} {status.description}" for status in shown)
    return "\n".join((app.config.refstatus_bpo_links, str(domain.shows_badges), *lines))


def setup(app: Sphinx) -> None:
    """Register the transforms and the style sheet."""
    app.add_post_transform(AddBadges)
    app.add_post_transform(DisarmHeadings)
    add_static_folder(app, _STATIC_FOLDER, _CSS_FILE)
