"""The site is the same, byte for byte, wherever and however it is built.

The whole site is built once more only where ``make html`` has left one to compare with, as in CI.
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from clones import MAKE, PYTHON, ROOT, UV, git, make
from missing_tools import go_without

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Site

#: What must not matter; nor must the folder and, with ``-j``, the number of processes.
ELSEWHERE = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "4242"}
#: The environment of whoever runs the tests must not be what makes both alike.
NOT_FORWARDED = [
    name for name in os.environ if name == "SOURCE_DATE_EPOCH" or name.startswith(("LC_", "COV"))
]
#: Pages without a source are written in every build: Sphinx's, the theme's, those that moved.
ALWAYS_WRITTEN = {"404.html", "genindex.html", "search.html", "immortal-objects.html"}

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists() or not MAKE, reason="needs make and a clone of the repository"
)


def contents(folder: Path) -> dict[str, bytes]:
    """Path to content of each file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def dates(folder: Path) -> dict[Path, int]:
    """When each file below a folder was last written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif("SITE_BUILD" not in os.environ, reason="SITE_BUILD names no build to compare")
@pytest.mark.starts_first
@pytest.mark.slow
def test_a_clean_clone_builds_the_same_site_with_one_command_and_nothing_with_the_next(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NOT_FORWARDED:
        monkeypatch.delenv(name)
    clone = tmp_path / "quite" / "another folder"
    git("clone", "--quiet", ROOT, clone)
    assert git("-C", clone, "rev-parse", "HEAD") == git("rev-parse", "HEAD")
    programs = tmp_path / "programs"
    programs.mkdir()
    if UV:
        (programs / "uv").symlink_to(UV)
    # Quickly with uv, else with pip, which may know of an index that uv does not.
    for path in (f"{programs}:{os.environ['PATH']}", os.environ["PATH"]):
        variables = {**ELSEWHERE, "PYTHON": PYTHON, "PATH": path}
        first = make(clone, "html", "SPHINXOPTS=-j 3", **variables)
        if "no package index answered" not in first.stderr:
            break
    else:
        go_without("no package index answers")
    assert first.returncode == 0, first.stderr
    assert "installing requirements.txt" in first.stderr
    assert "The front page is _build/html/index.html" in first.stdout
    built = contents(clone / "_build" / "html")
    assert len(built) > 50

    before = dates(clone)
    second = make(clone, "html", **variables)
    assert (second.returncode, second.stderr) == (0, "")
    assert "0 added, 0 changed, 0 removed" in second.stdout
    after = dates(clone)
    written = {path.name for path, date in after.items() if before.get(path) != date}
    assert "set-up.json" not in written
    pages = {name for name in written if name.endswith((".html", ".doctree"))}
    assert pages <= ALWAYS_WRITTEN

    if changed := git("status", "--porcelain"):
        go_without(f"the site of the tests has more than a clone:\n{changed}")
    here = contents(site.folder)
    assert built.keys() == here.keys()
    assert [name for name, content in built.items() if content != here[name]] == []


@pytest.fixture(params=["shallow clone", "archive"])
def without_history(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with one page that tells nothing of when it was changed, as CI and users have it."""
    whole, copy = tmp_path / "whole", tmp_path / "copy"
    git("init", "--quiet", whole)
    for title in ("Former", "Latest"):
        (whole / "index.rst").write_text(f"{title}\n======\n")
        git("-C", whole, "add", "index.rst")
        author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        git("-C", whole, *author, "commit", "--quiet", f"--message={title}")
    if request.param == "archive":
        git("-C", whole, "archive", f"--output={tmp_path / 'whole.tar'}", "HEAD")
        shutil.unpack_archive(tmp_path / "whole.tar", copy, filter="data")
    else:
        git("clone", "--quiet", "--depth=1", whole.as_uri(), copy)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("suppressed", [True, False])
def test_a_page_without_history_has_no_date_and_no_warning(
    without_history: Path, tmp_path: Path, suppressed: bool
) -> None:
    """The extension warns page by page, so that one suffices."""
    suppress = runpy.run_path(os.fspath(ROOT / "conf.py"))["suppress_warnings"]
    options = ["-W", "-q", "-C", "-D", "extensions=sphinx_last_updated_by_git"]
    options += ["-D", f"suppress_warnings={','.join(suppress)}"] if suppressed else []
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, without_history, tmp_path / "out"],
        env=os.environ | {"GIT_CEILING_DIRECTORIES": os.fspath(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "WARNING" in done.stderr) == (
        0 if suppressed else 1,
        not suppressed,
    ), done.stderr
