"""Badges and outcomes on the themes of others, in each of their modes, in a real browser.

The page has them wherever a theme or sphinx-design may paint something behind them. In CI it is
looked at in all themes; else in the one of this site, and in another one each day.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import pytest
from filelock import FileLock
from turns import all_in_ci

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    Build: TypeAlias = Callable[[str], Path]

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

Scheme: TypeAlias = Literal["light", "dark"]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
LEAST_CONTRAST = 4.5
_WIDTH = 900
# Of a picture. What is behind a word is seen as well on a quarter of the points.
_SCALE = 0.5

# How the script of a theme switches; a theme without one has one look.
_BY_ROOT = "theme => Object.assign(document.documentElement.dataset, {theme, mode: theme})"
SWITCHES = {
    "alabaster": None,
    "classic": None,
    "furo": "scheme => { document.body.dataset.theme = scheme }",
    "pydata_sphinx_theme": _BY_ROOT,
    "python_docs_theme": "scheme => activateTheme(scheme)",
    "sphinx_book_theme": _BY_ROOT,
    "sphinx_immaterial": """scheme =>
        document.body.setAttribute("data-md-color-scheme", scheme === "dark" ? "slate" : "default")
    """,
    "sphinx_rtd_theme": None,
}
BUILT_IN = {"alabaster", "classic"}
OF_THIS_SITE = "furo"
OTHERS = [name for name in SWITCHES if name != OF_THIS_SITE]
# A dark page of a theme that says so neither by an attribute nor by `color-scheme`.
UNKNOWN_DARK = "main, body, body * { background-color: #101418; color: #d8dee4 }"


class Mode(NamedTuple):
    """What a reader's system asks for, and what the reader has chosen on the page."""

    system: Scheme
    chosen: Scheme | None = None
    is_print: bool = False
    has_forced_colors: bool = False


# Those with a choice last: a choice stays.
MODES = {
    "light": Mode("light"),
    "dark": Mode("dark"),
    "print": Mode("light", is_print=True),
    "forced light": Mode("light", has_forced_colors=True),
    "forced dark": Mode("dark", has_forced_colors=True),
    "switched to light": Mode("dark", chosen="light"),
    "switched to dark": Mode("light", chosen="dark"),
    "print, switched to dark": Mode("light", chosen="dark", is_print=True),
}


@pytest.fixture(scope="session")
def build_with(shared_folder: Path, rootdir: Path) -> Build:
    """Builds the page with a theme, once for all test processes.

    In a process of its own: some themes replace parts of Sphinx when they are imported.
    """

    def build(theme: str) -> Path:
        folder = shared_folder / "themes" / theme
        source, out = folder / "source", folder / "html"
        with FileLock(shared_folder / f"theme-{theme}.lock"):
            if not folder.exists():
                for root in ("test-themes", "test-behavior", "test-refstatus"):
                    only_data = shutil.ignore_patterns("*.rst", "*.md", "conf.py")
                    shutil.copytree(
                        rootdir / root,
                        source,
                        ignore=None if root == "test-themes" else only_data,
                        dirs_exist_ok=True,
                    )
                subprocess.run(
                    [sys.executable, "-m", "sphinx", "-q", "-b", "html", source, out],
                    env={**os.environ, "TEST_THEME": theme},
                    check=True,
                )
        return out / "index.html"

    return build


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture(params=[OF_THIS_SITE, *all_in_ci(OTHERS)])
def theme(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if name not in BUILT_IN and find_spec(name) is None:
        pytest.skip(f"{name} cannot be installed beside this Python's docutils")
    return name


def _wait_for_frame(page: Page) -> None:
    """Until what was changed before is painted."""
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame("
        "() => setTimeout(done))))"
    )


def _enter(page: Page, mode: Mode, switch: str | None) -> None:
    page.emulate_media(
        media="print" if mode.is_print else "screen",
        color_scheme=mode.system,
        forced_colors="active" if mode.has_forced_colors else "none",
    )
    # Scripts of themes hear of the system's change after this.
    _wait_for_frame(page)
    if mode.chosen is not None and switch is not None:
        page.evaluate(switch, mode.chosen)


def _open(page: Page, built: Path) -> None:
    """Show a page on which nothing moves."""
    page.set_viewport_size({"width": _WIDTH, "height": 900})
    page.goto(built.as_uri())
    page.add_style_tag(content="* { transition: none !important }")


def _contrasts(page: Page) -> list[tuple[float, str]]:
    """See ``contrast.js``. The window is made as tall as the page, so that a picture shows all."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": _WIDTH, "height": height})
    _wait_for_frame(page)
    # Playwright's own pictures take twice as long: they are compressed well. The session stays, for
    # with it would go what is emulated.
    devtools = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": _WIDTH, "height": height, "scale": _SCALE}
    wanted = {"format": "png", "optimizeForSpeed": True, "clip": clip}
    picture = devtools.send("Page.captureScreenshot", wanted)
    return [(ratio, words) for ratio, words in page.evaluate(CONTRAST, picture["data"])]


def test_badges_and_outcomes_are_legible_in_each_mode(
    page: Page, build_with: Build, theme: str
) -> None:
    _open(page, build_with(theme))
    found = {}
    for name, mode in MODES.items():
        if mode.chosen is None or SWITCHES[theme]:
            _enter(page, mode, SWITCHES[theme])
            found[name] = _contrasts(page)
    worst = {name: seen[0] for name, seen in found.items()}
    print(theme, {name: round(ratio, 2) for name, (ratio, _) in worst.items()})  # noqa: T201  -rP shows it
    assert min(map(len, found.values())) > 60
    assert [(name, seen) for name, seen in worst.items() if seen[0] < LEAST_CONTRAST] == []


def test_they_are_legible_on_a_dark_theme_that_nobody_knows(page: Page, build_with: Build) -> None:
    _open(page, build_with("alabaster"))
    _enter(page, Mode("light"), None)
    page.add_style_tag(content=UNKNOWN_DARK)
    assert _contrasts(page)[0][0] >= LEAST_CONTRAST
