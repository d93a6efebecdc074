"""The sections of the built site, as a reader sees them, for tests of what stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lxml import html

if TYPE_CHECKING:
    from conftest import Site


class Section(NamedTuple):
    """A section of the site: the ids that lead to it, and its text without its subsections.

    :param page: address of its page below the root of the site.
    """

    page: str
    ids: frozenset[str]
    text: str


def read_sections(site: Site) -> list[Section]:
    """Every section of every page."""
    found = []
    parser = html.HTMLParser(encoding="utf-8")
    for docname in site.pages:
        page = f"{docname}.html"
        tree = html.parse(site.folder / page, parser)
        # From the inside out: what was read is taken out of the section around it.
        for section in reversed(list(tree.iter("section"))):
            section.drop_tree()
            ids = frozenset(map(str, section.xpath("descendant-or-self::*/@id")))
            found.append(Section(page, ids, " ".join(section.text_content().split())))
    return found
