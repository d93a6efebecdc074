"""The sections of the built site, as a reader sees them, for tests of what stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bs4 import BeautifulSoup, Tag

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
    for docname in site.pages:
        page = f"{docname}.html"
        soup = BeautifulSoup((site.folder / page).read_text("utf-8"), "html.parser")
        # From the inside out: what was read is taken out of the section around it.
        for tag in reversed(soup.find_all("section")):
            assert isinstance(tag, Tag)
            section = tag.extract()
            ids = {section.get("id"), *(inner.get("id") for inner in section.find_all(id=True))}
            text = " ".join(section.get_text().split())
            found.append(Section(page, frozenset(str(name) for name in ids), text))
    return found
