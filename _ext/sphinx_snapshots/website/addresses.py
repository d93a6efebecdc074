"""The addresses that others may rely on: pages, places on them, and labels of the inventory.

They are listed in a committed file, one a line. What vanishes from a built site without a way to
where it is now is an error; what is new is added by the command, when somebody says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sphinx.util.inventory import InventoryFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_ARTICLE: Final = re.compile(r'<article role="main".*?</article>', re.DOTALL)
_PLACE: Final = re.compile(r'<(?:section|div|dt|tr|figure|span|p)\b[^>]*? id="([^"]+)"')
# Names that docutils counts, and the cells of a table of probes, which come and go with releases.
_PASSING: Final = re.compile(r"(?:id|index-)\d+|probe-.*-3-\d+.*")
_GENERATED: Final = frozenset({"404.html", "genindex.html", "search.html"})


def list_addresses(site: Path) -> set[str]:
    """What a built site has: ``page.html``, ``page.html#place`` and ``label:name``."""
    found = set()
    for path in site.rglob("*.html"):
        page = path.relative_to(site).as_posix()
        if page in _GENERATED:
            continue
        found.add(page)
        article = _ARTICLE.search(path.read_text("utf-8"))
        places = _PLACE.findall(article[0]) if article else []
        found.update(f"{page}#{place}" for place in places if not _PASSING.fullmatch(place))
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    found.update(f"label:{name}" for name in inventory.data.get("std:label", {}))
    return found


def find_lost(
    promised: Iterable[str], found: set[str], moved_pages: Mapping[str, str]
) -> list[str]:
    """What was promised and leads nowhere any more, sorted.

    A place of a page that moved is kept where the new page has it: the way leads there.

    :param moved_pages: docname of each page that moved, and of the one that has its text.
    """
    lost = []
    for address in promised:
        page, sign, place = address.partition("#")
        moved = moved_pages.get(page.removesuffix(".html"))
        if address not in found and not (moved and f"{moved}.html{sign}{place}" in found):
            lost.append(address)
    return sorted(lost)
