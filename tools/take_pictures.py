#!/usr/bin/env python3
"""Take the pictures that ``README.md`` shows, of the built site, light and dark.

make pictures
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from playwright.sync_api import ViewportSize, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "_data/pictures"
#: Not so wide that letters are too small where GitHub shows it, and below the size that is allowed.
WINDOW: Final[ViewportSize] = {"width": 1040, "height": 620}
#: Name of a picture to page and to what stands at its top.
PICTURES: Final = {
    "front": "index.html",
    "note": "subinterpreters/limitations.html#behavior-by-version",
}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
#: A README is read over slow lines, too.
LARGEST: Final = 120_000


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; 1 if one is too large.

    :param arguments: the folder of the built site.
    """
    site = ROOT / (arguments[0] if arguments else "_build/html")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not site.is_dir():
        print("This needs Chromium, and the site that `make html` builds.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    is_small = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme in SCHEMES:
            page = browser.new_page(
                viewport=WINDOW, color_scheme=scheme, reduced_motion="reduce", offline=True
            )
            for name, address in PICTURES.items():
                path, _, anchor = address.partition("#")
                page.goto((site / path).as_uri())
                if anchor:  # not by the address, which would have it marked
                    page.locator(f"#{anchor}").evaluate("place => place.scrollIntoView()")
                taken = FOLDER / f"{name}-{scheme}.png"
                size = taken.write_bytes(page.screenshot())
                print(f"{taken.relative_to(ROOT)}: {size:,} bytes")
                is_small = is_small and size < LARGEST
        browser.close()
    if not is_small:
        print(f"A picture has {LARGEST:,} bytes or more.", file=sys.stderr)
    return 0 if is_small else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
