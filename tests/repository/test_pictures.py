"""The pictures of the site that the README shows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_readme_shows_each_picture_in_the_color_scheme_of_its_reader() -> None:
    shown = re.findall(
        r'<picture>\n  <source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\n'
        r'  <img src="([^"]+)" alt="[^"]+">\n</picture>',
        (ROOT / "README.md").read_text("utf-8"),
    )
    assert len(shown) == 2
    assert [dark.replace("-dark", "-light") for dark, _ in shown] == [light for _, light in shown]
    pictures = {ROOT / name for pair in shown for name in pair}
    assert pictures == set((ROOT / "_data/pictures").iterdir())
    assert max(picture.stat().st_size for picture in pictures) < 120_000
