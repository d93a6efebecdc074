"""Add the addresses of a built site to those that stay: ``update_addresses.py FOLDER``.

Others may rely on pages, places on them, and labels of the inventory. ``_data/addresses.txt`` lists
these, one a line. What is new is added; what has vanished without a way to where it is now stays in
the list, and is told as an error.
"""

import argparse
import re
import runpy
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from sphinx.util.inventory import InventoryFile
from sphinx_snapshots.kit.files import replace_file

ROOT = Path(__file__).parents[1]
LIST = ROOT / "_data/addresses.txt"
ARTICLE = re.compile(r'<article role="main".*?</article>', re.DOTALL)
PLACE = re.compile(r'<(?:section|div|dt|tr|figure|span|p)\b[^>]*? id="([^"]+)"')
# Names that docutils counts, and the cells of a table of probes, which come and go with releases.
PASSING = re.compile(r"(?:id|index-)\d+|probe-.*-3-\d+.*")
GENERATED = frozenset({"404.html", "genindex.html", "search.html"})


def read_promised() -> list[str]:
    """Read the addresses that stay."""
    return LIST.read_text("utf-8").splitlines()


def list_addresses(site: Path) -> set[str]:
    """List what a built site has: ``page.html``, ``page.html#place`` and ``label:name``."""
    found = set()
    for path in site.rglob("*.html"):
        page = path.relative_to(site).as_posix()
        if page in GENERATED:
            continue
        found.add(page)
        article = ARTICLE.search(path.read_text("utf-8"))
        places = PLACE.findall(article[0]) if article else []
        found.update(f"{page}#{place}" for place in places if not PASSING.fullmatch(place))
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    found.update(f"label:{name}" for name in inventory.data.get("std:label", {}))
    return found


def read_moved_pages() -> dict[str, str]:
    """Read where the pages are that moved: their docnames, each to that which has its text."""
    moved: dict[str, str] = runpy.run_path(str(ROOT / "conf.py"))["website_moved_pages"]
    return moved


def find_lost(
    promised: Iterable[str], found: set[str], moved_pages: Mapping[str, str]
) -> list[str]:
    """Name what was promised and leads nowhere any more, sorted.

    A place of a page that moved is kept where the new page has it: the way leads there.
    """
    lost = []
    for address in promised:
        page, sign, place = address.partition("#")
        moved = moved_pages.get(page.removesuffix(".html"))
        if address not in found and not (moved and f"{moved}.html{sign}{place}" in found):
            lost.append(address)
    return sorted(lost)


def main() -> int:
    """Bring the list up to date; return 1 if an address is lost."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", type=Path, metavar="FOLDER", help="the folder of the built pages")
    site = parser.parse_args().site
    promised = set(read_promised())
    found = list_addresses(site)
    lost = find_lost(promised, found, read_moved_pages())
    for address in lost:
        print(f"lost: {address}", file=sys.stderr)
    if lost:
        print(
            "Keep the old anchor or label beside the new one, or name the way in conf.py: "
            "website_moved_pages, website_moved_anchors.",
            file=sys.stderr,
        )
    replace_file(LIST, "".join(f"{each}\n" for each in sorted(promised | found)).encode())
    print(f"{LIST.relative_to(ROOT)}: {len(found - promised)} new addresses")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
