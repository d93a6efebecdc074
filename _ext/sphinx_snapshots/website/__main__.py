"""``python -m sphinx_snapshots.website``: compare a built site with the addresses it promised."""

from __future__ import annotations

import argparse
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .addresses import find_lost, list_addresses

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    :return: 0, or 1 if an address is lost.
    """
    parser = argparse.ArgumentParser(
        prog="python -m sphinx_snapshots.website",
        description="See that no address of the site has vanished without a way on.",
    )
    parser.add_argument("site", type=Path, help="the folder of the built pages")
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument(
        "--list",
        type=Path,
        default=Path("_data/addresses.txt"),
        help="the file of promised addresses, seen from the source folder",
    )
    parser.add_argument(
        "--write", action="store_true", help="add what is new; what is lost stays, and is told"
    )
    chosen = parser.parse_args(arguments)
    path = chosen.source / chosen.list
    promised = set(path.read_text("utf-8").splitlines()) if path.exists() else set()
    found = list_addresses(chosen.site)
    moved = runpy.run_path(str(chosen.source / "conf.py")).get("website_moved_pages", {})
    lost = find_lost(promised, found, moved)
    for address in lost:
        print(f"lost: {address}", file=sys.stderr)
    if lost:
        print(
            "Keep the old anchor or label beside the new one, or name the way in conf.py: "
            "website_moved_pages, website_moved_anchors.",
            file=sys.stderr,
        )
    if chosen.write:
        path.write_text("".join(f"{each}\n" for each in sorted(promised | found)), "utf-8")
        print(f"{path}: {len(found - promised)} new addresses")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
