"""What is published beside the text: descriptions of pages, a sitemap, ways from old addresses."""

from __future__ import annotations

from pathlib import Path
from posixpath import join
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from docutils import nodes

from ..kit.files import replace_file
from ..kit.pages import is_website
from .settings import WebsiteSettings
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

_LONGEST: Final = 200
_SITEMAP: Final = "sitemap.xml"
_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def shorten(text: str, longest: int = _LONGEST) -> str:
    """As many whole sentences as fit; else the words that fit, and an ellipsis.

    >>> shorten("One. Two three.", 8)
    'One.'
    """
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    end = words.rfind(". ", 0, longest)
    if end > 0:
        return words[: end + 1]
    return words[:longest].rpartition(" ")[0] + "…"


def describe(document: nodes.document) -> str:
    """What a page is about: its first paragraph, which answers its question."""
    section = document.next_node(nodes.section)
    paragraphs = section.findall(nodes.paragraph) if section else iter(())
    # One in a list or a note is no lead.
    lead = next((node for node in paragraphs if node.parent is section), None)
    return shorten(lead.astext()) if lead else ""


def add_description(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Hand the template what search engines and previews of links tell of a page."""
    context["description"] = describe(doctree) if doctree else ""


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the addresses of all pages, sorted, where it is known where the site is served.

    No package did: they list what one build wrote, in the order in which processes wrote it.
    """
    if exception or not (is_website(app.builder) and app.config.html_baseurl):
        return
    ElementTree.register_namespace("", _SITEMAPS)
    root = ElementTree.Element(f"{{{_SITEMAPS}}}urlset")
    for docname in sorted(app.env.found_docs):
        page = ElementTree.SubElement(root, f"{{{_SITEMAPS}}}url")
        address = join(app.config.html_baseurl, app.builder.get_target_uri(docname))
        ElementTree.SubElement(page, f"{{{_SITEMAPS}}}loc").text = address
    content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    replace_file(Path(app.outdir, _SITEMAP), content)


def add_moved_anchors(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Hand the template the places that were on a page once: name, address and page of each."""
    ways = []
    for old, new in WebsiteSettings.of(app.config).moved_anchors:
        page, _, anchor = old.partition("#")
        if page == pagename:
            target, _, place = new.partition("#")
            if target not in app.env.found_docs:
                WarningType.MOVED.warn(f"{old!r} has moved to {new!r}, which is on no page")
                continue
            address = f"{app.builder.get_relative_uri(page, target)}#{place}"
            ways.append((anchor, address, app.env.titles[target].astext()))
    context["moved_anchors"] = ways


def redirect_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A page at the address of each one that moved, which leads to where it is now."""
    for old, new in WebsiteSettings.of(app.config).moved_pages:
        if new not in app.env.found_docs:
            WarningType.MOVED.warn(f"{old!r} has moved to {new!r}, which is no page")
        elif old in app.env.found_docs:
            WarningType.MOVED.warn(f"{old!r} has moved, but is there")
        else:
            target = app.builder.get_relative_uri(old, new)
            context = {"title": app.env.titles[new].astext(), "target": target}
            if app.config.html_baseurl:  # the address that search engines should know
                address = app.builder.get_target_uri(new)
                context["pageurl"] = join(app.config.html_baseurl, address)
            yield old, context, "moved.html"
