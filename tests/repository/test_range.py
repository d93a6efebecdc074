"""The ends of the range that the package promises: oldest and newest Sphinx and Python.

Packages come from an index, so this runs where ``TEST_RANGE`` is set. Its value is ``ends``, as in
CI, or ``all`` for each Python here with each Sphinx. What the index does not have is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.specifiers import SpecifierSet
from pythons import PYTHONS

if TYPE_CHECKING:
    from sphinx_snapshots.behavior.interpreters import Interpreter

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
UV = shutil.which("uv", path=os.fspath(Path(sys.executable).parent)) or shutil.which("uv")
WANTED = os.environ.get("TEST_RANGE", "")

#: The oldest that is promised first, the newest last.
SPHINXES = ["sphinx==7.2.6", "sphinx==8.1.3", "sphinx==8.2.*", "sphinx<10"]
SUPPORTED = [
    python
    for python in PYTHONS
    if str(python.series) in SpecifierSet(PROJECT["requires-python"], prereleases=True)
]
ENDS = [(SUPPORTED[0], SPHINXES[0]), (SUPPORTED[-1], SPHINXES[-1])]
PAIRS = list(product(SUPPORTED, SPHINXES)) if WANTED == "all" else ENDS

pytestmark = pytest.mark.skipif(not WANTED, reason="TEST_RANGE is not set: it needs an index")


class Badges(HTMLParser):
    """Address, look and words of each badge on a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str | None, ...]] = []
        self._link: tuple[str | None, ...] = ()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "a":
            self._link = (attributes.get("href"), attributes.get("title"))
        elif (attributes.get("class") or "").startswith("refstatus "):
            self.found.append((*self._link, attributes["class"]))


def build(python: str | Path, out: Path) -> dict[str, list[tuple[str | None, ...]]]:
    """Page to its badges on the test site, built without a warning."""
    source = ROOT / "tests" / "roots" / "test-refstatus"
    done = subprocess.run(
        [python, "-m", "sphinx", "-q", "-W", "-n", "-b", "html", source, out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    pages = ("roles", "links", "markdown", "none")
    return {page: Badges((out / f"{page}.html").read_text("utf-8")).found for page in pages}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str | None, ...]]]:
    return build(sys.executable, tmp_path_factory.mktemp("ours"))


def install(python: Path, *what: str | Path) -> subprocess.CompletedProcess[str]:
    assert UV
    command = [UV, "pip", "install", "--quiet", "--python", python, *what]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("python", "sphinx"), PAIRS, ids=[f"{python.series}-{sphinx}" for python, sphinx in PAIRS]
)
def test_the_badges_are_the_same_with_each_sphinx_on_each_python(
    python: Interpreter,
    sphinx: str,
    ours: dict[str, list[tuple[str | None, ...]]],
    tmp_path: Path,
) -> None:
    assert UV
    environment = tmp_path / "environment"
    subprocess.run([UV, "venv", "--quiet", "--python", python.path, environment], check=True)
    own = environment / "bin" / "python"
    done = install(own, sphinx, "myst-parser", "sphinx-issues")
    if done.returncode:
        pytest.skip(f"the index here does not have it: {done.stderr.strip()[-300:]}")
    done = install(own, sphinx, ROOT)
    assert done.returncode == 0, done.stderr
    assert build(own, tmp_path / "theirs") == ours
    assert len(ours["roles"]) > 20
