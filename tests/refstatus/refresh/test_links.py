"""The list of files and PEPs: what a refresh writes into it, and what ``check`` says of it."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx_snapshots.refstatus.__main__ import main
from sphinx_snapshots.refstatus.linklist import (
    FileRecord,
    LinkList,
    SourceFile,
    read_list,
    render_list,
)
from stand_in import Issue, Pull, StandIn, faults

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = datetime.now(UTC).date()
LONG_AGO = date(2026, 1, 2)
CONF = """
project = "Site"
extensions = ["sphinx.ext.extlinks", "sphinx_snapshots.refstatus"]
refstatus_repository = "python/cpython"
refstatus_links = "_data/links.jsonl"
extlinks = {"source": ("https://github.com/python/cpython/blob/%s", "%s")}
"""
INDEX = """
Site
====

:source:`import <v3.9.0/Python/import.c>` and :source:`again <v3.9.0/Python/import.c#L3>`

:source:`gone <v3.9.0/Python/gone.c>`, :source:`tag <v9.9.0/Python/import.c>`

`elsewhere <https://github.com/o/r/blob/main/a.c>`__, :pep:`684`, :pep:`1`

:gh:`101`, :gh:`102`
"""
IMPORT = SourceFile("python/cpython", "v3.9.0", "Python/import.c")
GONE = SourceFile("python/cpython", "v3.9.0", "Python/gone.c")
NO_TAG = SourceFile("python/cpython", "v9.9.0", "Python/import.c")
STALE = SourceFile("python/cpython", "v3.8.0", "Python/import.c")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of CPython with one file, at one tag."""
    folder = tmp_path_factory.mktemp("clone")

    def git(*arguments: str) -> None:
        names = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-C", os.fspath(folder))
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", *names, *arguments], env=environment, check=True)

    git("init", "--quiet", "--initial-branch=main")
    git("remote", "add", "origin", "https://github.com/python/cpython.git")
    (folder / "Python").mkdir()
    (folder / "Python/import.c").write_text("")
    git("add", ".")
    git("commit", "--quiet", "--message=Start")
    git("tag", "--annotate", "--message=x", "v3.9.0")
    return folder


class Project:
    """A site that links to files and PEPs."""

    def __init__(self, folder: Path, server: StandIn) -> None:
        self.server = server
        self.list = folder / "_data/links.jsonl"
        (folder / "_data").mkdir()
        (folder / "conf.py").write_text(CONF)
        (folder / "index.rst").write_text(INDEX)
        server.world.repository("python/cpython").add(Issue(101), Pull(102))
        server.world.peps = [1, 684, 3121]

    def write(self, *files: FileRecord, peps: frozenset[int] = frozenset()) -> None:
        day = LONG_AGO if peps else None
        links = LinkList(peps, day, {record.file: record for record in files})
        self.list.write_bytes(render_list(links))

    def read(self) -> LinkList:
        return read_list(self.list)


@pytest.fixture
def project(tmp_path: Path, server: StandIn, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    return Project(tmp_path, server)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What the command said since it was asked last."""
    return lambda: "".join(capsys.readouterr())


def test_a_refresh_lists_the_peps_and_the_files_that_the_clone_has(
    project: Project, clone: Path, told: Callable[[], str]
) -> None:
    assert main(["refresh", "--git", str(clone)]) == 3
    expected = {IMPORT: FileRecord(*IMPORT, checked=TODAY)}
    assert project.read() == LinkList(frozenset({1, 684, 3121}), TODAY, expected)
    assert len(project.server.asked("peps")) == 1
    text = told()
    assert f"the clone has no {GONE}; cited in index.rst:7" in text
    assert f"the clone has no {NO_TAG}; cited in index.rst:7" in text
    assert "o/r" not in text
    # What the check says now is what the refresh could not find.
    assert main(["check"]) == 1
    assert told().splitlines() == [
        f"{GONE} is not in _data/links.jsonl; cited in index.rst:7; run refresh --git",
        f"{NO_TAG} is not in _data/links.jsonl; cited in index.rst:7; run refresh --git",
    ]


def test_a_refresh_of_what_is_new_asks_nobody_for_what_is_listed(
    project: Project, clone: Path
) -> None:
    seen = FileRecord(*IMPORT, checked=LONG_AGO)
    by_hand = FileRecord(*STALE, checked=LONG_AGO, by="hand")
    project.write(seen, by_hand, peps=frozenset({1, 684}))
    main(["refresh", "--new", "--git", str(clone)])
    assert project.server.asked("peps") == []
    expected = LinkList(frozenset({1, 684}), LONG_AGO, {STALE: by_hand, IMPORT: seen})
    assert project.read() == expected
    main(["refresh", "--prune"])
    # The day moves with the numbers; what is cited nowhere goes.
    assert project.read() == LinkList(frozenset({1, 684, 3121}), TODAY, {IMPORT: seen})


def test_what_another_than_git_saw_git_looks_at_again(project: Project, clone: Path) -> None:
    gone = FileRecord(*GONE, checked=LONG_AGO, by="hand")
    project.write(FileRecord(*IMPORT, checked=LONG_AGO, by="hand"), gone, peps=frozenset({1, 684}))
    assert main(["refresh", "--new", "--git", str(clone)]) == 3
    assert project.read().files == {IMPORT: FileRecord(*IMPORT, checked=TODAY)}


def test_the_list_stays_where_the_peps_are_not_told(
    project: Project, told: Callable[[], str]
) -> None:
    project.write(peps=frozenset({1}))
    project.server.always_fail("peps", faults.html(502))
    assert main(["refresh"]) == 3
    assert project.read() == LinkList(frozenset({1}), LONG_AGO)
    assert "the list of PEPs stays as it is: 127.0.0.1:" in told()


@pytest.mark.parametrize("peps", [[], [1]])
def test_what_is_no_list_of_peps_is_not_believed(project: Project, peps: list[int]) -> None:
    project.write(peps=frozenset({1}))
    project.server.world.peps = peps
    assert main(["refresh", "--dry-run"]) == (3 if not peps else 0)
    assert project.read() == LinkList(frozenset({1}), LONG_AGO)


def test_the_check_names_what_nothing_vouches_for(
    project: Project, told: Callable[[], str]
) -> None:
    main(["refresh"])
    records = [FileRecord(*file, checked=TODAY) for file in (IMPORT, GONE, NO_TAG)]
    project.write(*records, peps=frozenset({1, 684}))
    told()
    assert main(["check"]) == 0, told()
    project.write(*records[:1], FileRecord(*STALE), peps=frozenset({684}))
    Path("index.rst").write_text(
        "Site\n====\n\n"
        ":pep:`1`, :source:`x <main/Python/import.c>`, :source:`x <v3.9.0/Python/import.c>`\n\n"
        "`x <https://github.com/python/cpython/pull/101#issuecomment-1>`__,\n"
        "`x <https://github.com/Python/CPython/issues/102>`__\n\n"
        "`right <https://github.com/python/cpython/pull/102/files>`__, :gh:`102`\n"
    )
    assert main(["check"]) == 1
    github = "https://github.com/python/cpython"
    assert told().splitlines() == [
        (
            f"{github}/pull/101#issuecomment-1 is an issue; "
            f"write {github}/issues/101#issuecomment-1; cited in index.rst:6"
        ),
        (
            "https://github.com/Python/CPython/issues/102 is a pull request; "
            f"write {github}/pull/102; cited in index.rst:6"
        ),
        "python/cpython main Python/import.c is at no release tag; cited in index.rst:4",
        "PEP 1 is not in _data/links.jsonl; cited in index.rst:4; run refresh",
        f"{STALE} is cited nowhere; refresh --prune removes its line",
    ]


def test_a_list_that_cannot_be_used_is_named(project: Project, told: Callable[[], str]) -> None:
    main(["refresh"])
    project.list.write_text("{}\n")
    told()
    assert main(["check"]) == 2
    assert told().startswith("_data/links.jsonl:1: ")
