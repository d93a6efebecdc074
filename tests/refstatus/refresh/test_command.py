"""The commands as their user meets them: a small site, a local server."""

from __future__ import annotations

import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from errno import ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from patience import be_impatient
from sphinx_snapshots.kit.files import replace_file
from sphinx_snapshots.refstatus.__main__ import main
from sphinx_snapshots.refstatus.refresh.merge import SOURCE
from sphinx_snapshots.refstatus.snapshot import (
    BpoRecord,
    CommitRecord,
    Header,
    IssueRecord,
    MissingRecord,
    PullRecord,
    Record,
    read,
    render,
)
from stand_in import BpoIssue, Commit, Issue, Pull, StandIn, World, faults
from subprocess_coverage import COVERAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stand_in.server import Exchange

# The commands run for long, and what they run is covered by the tests of their parts.
pytestmark = pytest.mark.no_cover

HERE = Path(__file__).parent
#: Names the snapshot, so that the site need not be opened for it.
IN_PLACE = ("--snapshot", "_data/references.jsonl")
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
MONTH_AGO = datetime.now(UTC).date() - timedelta(days=30)

# Reading the pages runs whatever extensions a site has: they get no token.
CONF = """
import os
project = "Site"
extensions = ["sphinx_snapshots.refstatus"]
refstatus_repository = "python/cpython"
assert "GITHUB_TOKEN" not in os.environ
"""
INDEX = """
Site
====

:bpo:`40512`, :gh:`101`

Section
-------

:gh:`102`, :gh:`python/peps#4`, :gh:`python/cpython@5d38517`
"""


# What is known of these items when all of them were asked for.
TRUTH = (
    BpoRecord("bpo-40512", github="python/cpython#84692"),
    CommitRecord(f"python/cpython@{SHA}", title="A commit", committed=date(2020, 5, 5)),
    IssueRecord("python/cpython#101", state="open", title="An open one", opened=date(2020, 5, 5)),
    PullRecord(
        "python/cpython#102",
        state="merged",
        title="A change",
        opened=date(2020, 5, 5),
        closed=date(2020, 6, 1),
    ),
    IssueRecord(
        "python/cpython#84692",
        state="closed",
        reason="completed",
        title="Meta issue",
        opened=date(2020, 5, 5),
        closed=date(2023, 1, 2),
    ),
    IssueRecord("python/peps#4", state="open", title="Elsewhere", opened=date(2020, 5, 5)),
)


class Done(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


class Project:
    """A small site, its snapshot, and the servers that a refresh of it meets."""

    def __init__(
        self,
        folder: Path,
        server: StandIn,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.folder = folder
        self.server = server
        self.world = server.world
        self.snapshot = folder / "_data" / "references.jsonl"
        #: Whether what a process runs counts as covered. One that is killed, or has no room,
        #: would break the file of that.
        self.is_covered = True
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        (folder / "_data").mkdir(parents=True)
        (folder / "conf.py").write_text(CONF)
        (folder / "index.rst").write_text(INDEX)
        self.cpython = self.world.repository("python/cpython")
        self.cpython.add(
            Issue(84692, "Meta issue", "CLOSED", "COMPLETED", closed="2023-01-02T03:04:05Z"),
            Issue(101, "An open one"),
            Pull(
                102,
                "A change",
                "MERGED",
                closed="2020-06-01T00:00:00Z",
                merged="2020-06-01T00:00:00Z",
            ),
            Commit(SHA, "A commit"),
        )
        self.world.repository("python/peps").add(Issue(4, "Elsewhere"))
        self.world.bpo[40512] = BpoIssue(84692)

    def environment(self, **more: str) -> dict[str, str]:
        coverage = COVERAGE if self.is_covered else {}
        return {"PATH": "/usr/bin:/bin"} | coverage | self.server.environment() | more

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """The command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "sphinx_snapshots.refstatus", *arguments],
            cwd=self.folder,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heed_signals,
        )

    def run(self, *arguments: str, **more: str) -> Done:
        """The command in this process, for which no wait takes any time."""
        self._monkeypatch.chdir(self.folder)
        variables = {"PATH": "/usr/bin:/bin"} | self.server.environment() | more
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        return Done(status, *self._capsys.readouterr())

    def write(self, *records: Record, day: date = MONTH_AGO) -> bytes:
        """Make these the snapshot; the bytes."""
        content = render(Header(1, day, SOURCE), {record.key: record for record in records})
        self.snapshot.write_bytes(content)
        return content

    def seed(self) -> bytes:
        """Make the truth of a month ago the snapshot; the bytes."""
        return self.write(*TRUTH)

    def recorded(self) -> list[str]:
        return list(read(self.snapshot).records)

    def state(self, key: str) -> str:
        """The word of the badge."""
        return str(read(self.snapshot).status_of(key).state)

    def titles(self) -> list[str | None]:
        return [getattr(record, "title", None) for record in read(self.snapshot).records.values()]

    def leftovers(self) -> list[str]:
        """What lies in the folder of data and is neither data nor a lock."""
        names = (path.name for path in self.snapshot.parent.iterdir())
        return [name for name in names if name.startswith(".") and not name.endswith(".lock")]


def _heed_signals() -> None:
    # Tests that run in the background ignore these, and what they start would inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def finish(process: subprocess.Popen[str]) -> Done:
    out, err = process.communicate(timeout=60)
    assert not err.startswith("Traceback"), err
    assert "\nTraceback" not in err, err
    return Done(process.returncode, out, err)


@pytest.fixture
def project(
    tmp_path: Path,
    server: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Project:
    return Project(tmp_path / "site", server, monkeypatch, capsys)


@pytest.fixture
def many(project: Project) -> list[str]:
    """The keys of more items than one question asks for, all open and recorded as such."""
    numbers = range(1001, 1061)
    project.cpython.add(*(Issue(number, "T") for number in numbers))
    records = [
        IssueRecord(f"python/cpython#{n}", state="open", title="T", opened=date(2020, 5, 5))
        for n in numbers
    ]
    project.write(*records)
    return [record.key for record in records]


def answer(exchange: Exchange) -> None:
    """No fault."""
    exchange.server_of.answer(exchange, exchange.recorded)


def today() -> date:
    return datetime.now(UTC).date()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, f"no {what}"
        time.sleep(0.02)


# What it does -------------------------------------------------------------------------


def test_a_refresh_notes_what_became_of_items_that_were_known(project: Project) -> None:
    project.seed()
    conf = project.folder / "conf.py"
    conf.write_text(conf.read_text() + 'refstatus_log = "_data/log.jsonl"\n')
    project.cpython.add(Issue(101, "An open one", "CLOSED", "COMPLETED"), Issue(103, "Newly cited"))
    index = project.folder / "index.rst"
    index.write_text(index.read_text() + "\n:gh:`103`\n")
    assert project.run("refresh").status == 0
    today = datetime.now(UTC).date().isoformat()
    noted = (project.folder / "_data/log.jsonl").read_text()
    assert noted == (
        f'{{"day":"{today}","key":"python/cpython#101","change":"open -> completed"}}\n'
    )
    # Once.
    assert project.run("refresh").status == 0
    assert (project.folder / "_data/log.jsonl").read_text() == noted


def test_the_first_refresh_records_all_that_the_site_cites(project: Project) -> None:
    done = project.run("refresh")
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "bpo-40512: new, became python/cpython#84692",
            f"python/cpython@{SHA}: new, commit",
            "python/cpython#101: new, open",
            "python/cpython#102: new, merged",
            "python/cpython#84692: new, completed",
            "python/peps#4: new, open",
        ],
    )
    snapshot = read(project.snapshot)
    assert snapshot.header == Header(1, today(), SOURCE)
    assert tuple(snapshot.records.values()) == TRUTH
    *_, last_count, conclusion = done.err.splitlines()
    assert last_count.startswith("6 of 6 items")
    assert conclusion == f"6 records changed; _data/references.jsonl is of {today()}"
    assert project.leftovers() == []


def test_a_refresh_without_news_leaves_the_file_alone(project: Project) -> None:
    content = project.seed()
    before = project.snapshot.stat()
    done = project.run("refresh")
    assert (done.status, done.out) == (0, "")
    assert done.err.endswith(f"no record changed; _data/references.jsonl is of {MONTH_AGO}\n")
    assert project.snapshot.read_bytes() == content
    assert project.snapshot.stat().st_ino == before.st_ino


def test_news_is_one_line_an_item(project: Project) -> None:
    project.seed()
    project.cpython.add(
        Issue(101, "An open one", "CLOSED", "NOT_PLANNED", closed="2026-11-20T00:00:00Z")
    )
    project.cpython.moved[102] = ("python/peps", 5)
    del project.cpython.items[102]
    project.world.repository("python/peps").add(Issue(5, "A change"))
    project.world.repository("python/peps").deleted.add(4)
    del project.world.repository("python/peps").items[4]
    done = project.run("refresh", "--doctrees", "../doctrees")
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "python/cpython#101: open -> not planned",
            "python/cpython#102: merged -> moved to python/peps#5",
            "python/peps#4: open -> missing",
            "python/peps#5: new, open",
        ],
    )
    assert not project.server.asked("bpo")
    status = read(project.snapshot).status_of("python/cpython#102")
    assert (str(status.reference), status.title) == ("python/peps#5", "A change")
    assert project.run("refresh", "--doctrees", "../doctrees").out == ""


def test_new_asks_for_nothing_that_has_a_record_and_changes_no_other_line(project: Project) -> None:
    old = IssueRecord("python/cpython#101", state="closed", title="Not asked")
    content = project.write(old)
    done = project.run("refresh", "--new")
    assert done.status == 0
    assert "python/cpython#101" not in done.out
    lines = project.snapshot.read_bytes().splitlines()
    assert set(content.splitlines()) <= set(lines)
    assert len(lines) == 7
    snapshot = read(project.snapshot)
    assert snapshot.status_of("python/cpython#101").as_of == MONTH_AGO
    assert snapshot.status_of("bpo-40512").as_of == today()
    assert all("101" not in request.body.decode() for request in project.server.asked("graphql"))


def test_open_asks_for_what_may_change(project: Project) -> None:
    project.write(
        IssueRecord("python/cpython#101", state="open", title="Old"),
        PullRecord("python/cpython#102", state="closed", title="Not asked"),
    )
    done = project.run("refresh", "--open")
    assert 'python/cpython#101: title "Old" -> "An open one"' in done.out
    assert "python/cpython#102" not in done.out
    assert "python/peps#4: new, open" in done.out


def test_named_items_are_asked_without_reading_any_page(project: Project) -> None:
    (project.folder / "index.rst").unlink()
    url = "https://github.com/python/peps/issues/4#issuecomment-1"
    done = project.run("refresh", "bpo-40512", url)
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "bpo-40512: new, became python/cpython#84692",
            "python/cpython#84692: new, completed",
            "python/peps#4: new, open",
        ],
    )


def test_a_dry_run_prints_the_difference_and_writes_nothing(project: Project) -> None:
    content = project.write(
        IssueRecord("python/cpython#101", state="open", title="Old \x1b[2J\x9b")
    )
    before = sorted(path.name for path in project.snapshot.parent.iterdir())
    done = project.run("refresh", "--dry-run")
    assert done.status == 0
    assert '-{"kind":"issue","key":"python/cpython#101","state":"open","title":"Old ' in done.out
    assert '+{"kind":"issue","key":"python/cpython#101","state":"open","title":"An' in done.out
    assert done.err.endswith("6 records changed; nothing was written\n")
    assert all(line.isprintable() for line in done.out.splitlines())
    assert project.snapshot.read_bytes() == content
    assert sorted(path.name for path in project.snapshot.parent.iterdir()) == before


def test_the_summary_is_for_a_reviewer(project: Project) -> None:
    project.cpython.add(Issue(101, "Ping @python/core `x` <b>"))
    done = project.run("refresh", "--summary", "../summary.md")
    assert done.status == 0
    summary = (project.folder / "../summary.md").read_text()
    assert "## Changed (6)\n" in summary
    assert "- `python/cpython#101`: `new, open`, `` Ping @python/core `x` <b> ``\n" in summary


def test_the_summary_quotes_the_sentences_that_cite_what_has_changed(project: Project) -> None:
    (project.folder / "more.rst").write_text(
        ":orphan:\n\nMore\n====\n\nNothing of this. But @someone said:\n\n"
        "* that bpo-40512 is open `now\n  <https://example.org/>`_\n"
    )
    was_open = IssueRecord(TRUTH[4].key, state="open", title="Meta issue", opened=date(2020, 5, 5))
    project.write(*TRUTH[:4], was_open, TRUTH[5])
    done = project.run("refresh", "--summary", "summary.md")
    assert done.out.startswith("python/cpython#84692: open -> completed")
    assert (project.folder / "summary.md").read_text() == (
        "## Changed (1)\n\n- `python/cpython#84692`: `open -> completed`, `Meta issue`\n"
        "  - `index.rst:5`: `bpo-40512, gh-101`\n"
        "  - `more.rst:8`: `that bpo-40512 is open now`\n"
    )


def test_a_summary_that_cannot_be_written_is_told_and_costs_no_answer(project: Project) -> None:
    done = project.run("refresh", "python/peps#4", "--summary", "conf.py/summary.md")
    assert (done.status, done.out) == (3, "python/peps#4: new, open\n")
    assert re.search(r"\nconf\.py/summary\.md cannot be written: [^.\n]+\n\Z", done.err)
    assert project.recorded() == ["python/peps#4"]


def test_prune_removes_what_is_cited_nowhere_without_asking_for_it(project: Project) -> None:
    project.write(*TRUTH, IssueRecord("x/y#1", state="open"))
    done = project.run("refresh", "--prune")
    assert (done.status, done.out) == (0, "x/y#1: removed\n")
    assert tuple(read(project.snapshot).records.values()) == TRUTH
    assert all(b"x/y" not in request.body for request in project.server.requests)


def test_a_clone_tells_releases_and_reverts(project: Project, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    commit = make_clone(clone)
    project.cpython.add(Commit(commit, "Change (GH-102)"))
    done = project.run(
        "refresh", f"python/cpython@{commit}", "python/cpython#102", "--git", str(clone)
    )
    assert done.status == 0, done.err
    record = read(project.snapshot).records[f"python/cpython@{commit}"]
    assert getattr(record, "first_release", None) == "3.9.0a1"
    pull = read(project.snapshot).records["python/cpython#102"]
    assert getattr(pull, "first_release", None) == "3.9.0a1"
    # Without the clone, what it told is kept.
    content = project.snapshot.read_bytes()
    assert project.run("refresh", "python/cpython#102").status == 0
    assert project.snapshot.read_bytes() == content
    done = project.run("refresh", "python/cpython#102", "--git", str(tmp_path / "nowhere"))
    assert done.status == 2
    assert "git cannot read" in done.err


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_clone_tells_of_items_too_that_are_not_asked_for_or_not_answered(
    project: Project, tmp_path: Path, is_answered: bool
) -> None:
    clone = tmp_path / "clone"
    make_clone(clone)
    project.seed()
    if not is_answered:
        project.server.always_fail("graphql", faults.bad_token)
    done = project.run("refresh", "--open", "--git", str(clone))
    assert done.status == (0 if is_answered else 3)
    assert done.out == "python/cpython#102: first release unknown -> 3.9.0a1\n"
    assert all(b"number: 102" not in request.body for request in project.server.requests)
    status = read(project.snapshot).status_of("python/cpython#102")
    assert (status.first_release, status.as_of) == ("3.9.0a1", MONTH_AGO)
    content = project.snapshot.read_bytes()
    assert project.run("refresh", "--open", "--git", str(clone)).out == ""
    assert project.snapshot.read_bytes() == content


def make_clone(folder: Path) -> str:
    """A clone of CPython with one released pull request; the id of its commit."""

    def git(*arguments: str) -> str:
        options = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        command = ["git", *options, "-C", os.fspath(folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    folder.mkdir()
    git("init", "--quiet", "--initial-branch=main")
    git("remote", "add", "origin", "https://github.com/python/cpython.git")
    git("commit", "--quiet", "--allow-empty", "--message=Change (GH-102)")
    git("tag", "v3.9.0a1")
    return git("rev-parse", "HEAD")


def test_a_file_that_git_merged_is_tidied_with_the_same_content(project: Project) -> None:
    lines = project.seed().splitlines(keepends=True)
    project.snapshot.write_bytes(b"".join([lines[0], *lines[:0:-1], lines[1]]))
    done = project.run("check")
    assert done.status == 0
    assert "_data/references.jsonl: the lines are not sorted" in done.err
    assert project.run("refresh").status == 0
    header, *records = project.snapshot.read_bytes().splitlines(keepends=True)
    assert str(today()) in header.decode()
    assert records == lines[1:]


def test_new_tidies_a_file_that_git_merged_without_asking_anybody(project: Project) -> None:
    content = project.seed()
    header, *records = content.splitlines(keepends=True)
    older = header.replace(str(MONTH_AGO).encode(), b"2020-01-01")
    project.snapshot.write_bytes(b"".join([older, header, *records[::-1]]))
    done = project.run("refresh", "--new", GITHUB_TOKEN="")
    assert (done.status, done.out) == (0, "")
    assert project.snapshot.read_bytes() == content
    assert not project.server.requests


# Wrong usage --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required"),
        (["refresh", "x"], "'x' is not an item on GitHub; write a number such as"),
        (["refresh", "--new", "--open"], "not allowed with"),
        (["refresh", "--new", "o/r#1"], "name none with them"),
        (["refresh", "--prune", "o/r#1"], "name none with them"),
        (["refresh", "--dry-run", "--summary", "x"], "--dry-run writes nothing"),
        (["refresh", "--max-wait", "-1"], "is not a whole number"),
        (["check", "--max-age", "1e3"], "'1e3' is not a whole number"),
        (["explain", "https://example.org/"], "or the address of its page"),
        (["explain", "-D", "refstatus_repository=", "gh-462"], "set refstatus_repository"),
        (["check", "--source", "nowhere"], "nowhere has no conf.py"),
    ],
)
def test_wrong_usage_is_explained(project: Project, arguments: list[str], words: str) -> None:
    done = project.run(*arguments)
    assert done.status == 2
    assert words in " ".join(done.err.split())
    assert not project.server.requests


def test_a_site_that_cannot_be_read_is_reported_in_sphinx_words(project: Project) -> None:
    (project.folder / "conf.py").write_text("import nothing_of_this_name\n")
    done = project.run("refresh")
    assert done.status == 2
    assert "Sphinx cannot read " in done.err
    assert "No module named 'nothing_of_this_name'" in done.err
    (project.folder / "conf.py").write_text("")
    done = project.run("check")
    assert done.status == 2
    assert "does not load the extension sphinx_snapshots.refstatus" in done.err


def test_a_broken_snapshot_is_left_alone_with_the_line_named(project: Project) -> None:
    content = project.write(IssueRecord("o/r#1", state="open")) + b"<<<<<<< HEAD\n"
    project.snapshot.write_bytes(content)
    for command in (["refresh"], ["check"], ["explain", "o/r#1"]):
        done = project.run(*command)
        assert done.status == 2
        assert "_data/references.jsonl:3: a conflict that git left" in done.err
    assert project.snapshot.read_bytes() == content


def test_an_address_that_would_show_the_token_is_refused(project: Project) -> None:
    done = project.run("refresh", GITHUB_API_URL="http://example.org")
    assert done.status == 2
    assert "GITHUB_API_URL is 'http://example.org'" in done.err


# The settings of the site -------------------------------------------------------------


def test_the_snapshot_is_the_one_that_conf_py_names(project: Project) -> None:
    with (project.folder / "conf.py").open("a") as file:
        file.write('refstatus_snapshot = "tracker/items.jsonl"\n')
    assert project.run("refresh").status == 0
    assert not project.snapshot.exists()
    assert tuple(read(project.folder / "tracker" / "items.jsonl").records.values()) == TRUTH
    assert project.run("check") == (0, "", "")
    assert "python/peps#4: open\n" in project.run("explain", "python/peps#4").out
    assert project.run("refresh", "--new", "--snapshot", "_data/references.jsonl").status == 0
    assert tuple(read(project.snapshot).records.values()) == TRUTH


def test_settings_can_be_overridden_and_conf_py_be_elsewhere(project: Project) -> None:
    project.seed()
    elsewhere = project.folder.parent / "conf"
    elsewhere.mkdir()
    (project.folder / "conf.py").rename(elsewhere / "conf.py")
    assert project.run("check", "-c", "../conf").status == 0
    done = project.run("check", "-c", "../conf", "-D", "refstatus_snapshot=other.jsonl")
    assert (done.status, done.out) == (1, "there is no other.jsonl; run refresh\n")


# Further hosts -----------------------------------------------------------------------


@pytest.fixture
def other(project: Project) -> Iterator[StandIn]:
    """A further host that the site knows, with a token and items of its own."""
    with StandIn(World(token="other-token")) as other:
        repository = other.world.repository("Acme/App")
        repository.add(Issue(1, "Theirs"), Commit(SHA))
        repository.moved[2] = ("acme/app", 1)
        with (project.folder / "conf.py").open("a") as conf:
            conf.write(f"refstatus_github_hosts = {{'git.example.org': '{other.address}/api'}}\n")
        yield other


def test_items_of_a_further_host_are_asked_there_with_its_own_token(
    project: Project, other: StandIn
) -> None:
    project.cpython.add(Issue(1, "Ours"))
    keys = [f"git.example.org/acme/app{end}" for end in ("#1", "#2", f"@{SHA[:9]}")]
    url = "https://git.example.org/acme/app/issues/2"
    done = project.run(
        "refresh", keys[0], url, keys[2], "python/cpython#1", GIT_EXAMPLE_ORG_TOKEN="other-token"
    )
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            f"git.example.org/acme/app@{SHA}: new, commit",
            "git.example.org/acme/app#1: new, open",
            "git.example.org/acme/app#2: new, moved to git.example.org/acme/app#1",
            "python/cpython#1: new, open",
        ],
    )
    for server in (project.server, other):
        assert server.requests
        assert all(server.has_token(request) for request in server.requests)
    assert project.titles()[1] == "Theirs"
    # What is known is asked for under the same keys again.
    done = project.run("refresh", *keys, GIT_EXAMPLE_ORG_TOKEN="other-token")
    assert (done.status, done.out) == (0, "")


def test_a_token_goes_to_no_other_host(project: Project, other: StandIn) -> None:
    done = project.run("refresh", "git.example.org/acme/app#1", "python/peps#4")
    assert done.status == 0
    assert "git.example.org: there is no token" in done.err
    assert [*map(other.has_token, other.requests)] == [None]


def test_a_host_that_fails_does_not_keep_others_from_being_asked(
    project: Project, other: StandIn
) -> None:
    for broken, whole in ((project.server, other), (other, project.server)):
        broken.always_fail("graphql", faults.bad_token)
        done = project.run(
            "refresh",
            "git.example.org/acme/app#1",
            "python/peps#4",
            GIT_EXAMPLE_ORG_TOKEN="other-token",
        )
        assert done.status == 3
        assert "1 not answered" in done.err
        assert "stopped early: " in done.err
        broken.always_fail("graphql", answer)
        assert whole.asked("graphql")
    assert project.recorded() == ["git.example.org/acme/app#1", "python/peps#4"]


def test_titles_of_private_items_are_told_by_host(project: Project, other: StandIn) -> None:
    other.world.repository("acme/app").is_private = True
    for names, is_told in ((["acme/app"], False), (["git.example.org/acme/app"], True)):
        with (project.folder / "conf.py").open("a") as conf:
            conf.write(f"refstatus_private_repositories = {names}\n")
        key = "git.example.org/acme/app#1"
        project.run("refresh", key, GIT_EXAMPLE_ORG_TOKEN="other-token")
        assert (b"Theirs" in project.snapshot.read_bytes()) == is_told


def test_a_host_that_conf_py_does_not_name_is_not_asked(project: Project) -> None:
    done = project.run("refresh", "https://git.example.org/o/r/issues/1", "python/peps#4")
    assert (done.status, done.out) == (3, "python/peps#4: new, open\n")
    assert "1 not answered (git.example.org is not in refstatus_github_hosts" in done.err


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ({"git.example.org": "http://git.example.org/api"}, "plain http would show a token"),
        ({"git.example.org": "git.example.org"}, "write it as https://host/path"),
        (
            {"a-b.org": "https://a-b.org/api", "a.b.org": "https://a.b.org/api"},
            "a-b.org and a.b.org would have the same variable for their tokens, A_B_ORG_TOKEN",
        ),
    ],
)
def test_hosts_that_would_show_a_token_to_others_are_refused(
    project: Project, hosts: dict[str, str], words: str
) -> None:
    with (project.folder / "conf.py").open("a") as conf:
        conf.write(f"refstatus_github_hosts = {hosts}\n")
    done = project.run("refresh", "python/peps#4")
    assert done.status == 2
    assert words in done.err
    assert project.server.requests == []


# What is believed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "gone", "is_believed"),
    [(1, 1, False), (2, 2, False), (4, 3, True), (5, 2, True), (5, 3, False), (6, 3, True)],
)
def test_items_are_not_missing_because_all_or_most_of_a_repository_are(
    project: Project, known: int, gone: int, *, is_believed: bool
) -> None:
    repository = project.world.repository("o/r")
    repository.add(*(Issue(number, "T") for number in range(gone + 1, known + 1)))
    project.write(
        *(IssueRecord(f"o/r#{n}", state="open", title="T") for n in range(1, known + 1)),
        *TRUTH,
    )
    done = project.run("refresh")
    lost = [f"o/r#{number}" for number in range(1, gone + 1)]
    missing = [key for key in lost if project.state(key) == "missing"]
    words = f"o/r: {gone} of {known} known items were not found. That is not believed"
    if is_believed:
        assert (done.status, missing) == (0, lost)
        assert "not believed" not in done.err
    else:
        assert (done.status, missing) == (3, [])
        assert f"{gone} not answered ({words}" in done.err
        assert f"    {' '.join(lost)}\n" in done.err
        assert project.run("refresh", "--believe-missing").status == 0
        assert [project.state(key) for key in lost] == ["missing"] * gone


def test_what_was_moved_deleted_or_missing_before_is_no_reason_for_doubt(project: Project) -> None:
    keys = [f"o/r#{number}" for number in range(1, 8)]
    project.write(*(IssueRecord(key, state="open") for key in keys[:6]), MissingRecord(keys[6]))
    repository = project.world.repository("o/r")
    project.world.repository("o/new").add(*map(Issue, range(1, 4)))
    repository.moved |= {number: ("o/new", number) for number in range(1, 4)}
    repository.deleted |= {4, 5, 6}
    done = project.run("refresh", *keys)
    assert (done.status, "not believed" in done.err) == (0, False)
    assert [project.state(key) for key in keys] == ["open"] * 3 + ["missing"] * 4


def test_new_items_of_a_repository_that_is_not_there_are_missing(project: Project) -> None:
    keys = [f"no/body#{number}" for number in range(1, 6)]
    done = project.run("refresh", *keys)
    assert done.status == 0
    assert "no/body is not there, or this token cannot see it\n" in done.err
    assert [project.state(key) for key in keys] == ["missing"] * 5


def test_ids_of_the_old_tracker_are_not_missing_because_all_are(project: Project) -> None:
    keys = [f"bpo-{number}" for number in range(1, 4)]
    content = project.write(*map(BpoRecord, keys))
    done = project.run("refresh", *keys)
    assert done.status == 3
    assert "bugs.python.org: 3 of 3 known items were not found" in done.err
    assert project.snapshot.read_bytes() == content


def test_no_portion_that_is_saved_holds_what_is_not_believed(
    project: Project, many: list[str]
) -> None:
    # The first portion has news, and so is saved, before most of the second is not found either.
    project.cpython.items.clear()
    project.cpython.add(Issue(1001, "New title"))
    saved: list[bytes] = []

    def look(exchange: Exchange) -> None:
        saved.append(project.snapshot.read_bytes())
        answer(exchange)

    project.server.fail("graphql", answer, look)
    assert project.run("refresh", *many).status == 3
    assert b"New title" in saved[0]
    assert b"missing" not in saved[0] + project.snapshot.read_bytes()


def test_the_title_of_a_private_item_leaves_the_snapshot_unless_conf_py_allows_it(
    project: Project,
) -> None:
    project.world.repository("python/peps").is_private = True
    project.seed()
    done = project.run("refresh")
    assert (done.status, done.out) == (0, 'python/peps#4: title "Elsewhere" -> unknown\n')
    assert done.err.count("python/peps is private: the titles of its items are not recorded") == 1
    assert b"Elsewhere" not in project.snapshot.read_bytes()
    assert project.state("python/peps#4") == "open"
    assert project.run("refresh").out == ""
    with (project.folder / "conf.py").open("a") as conf:
        conf.write('refstatus_private_repositories = ["Python/PEPs"]\n')
    done = project.run("refresh", "python/peps#4")
    assert (done.status, "is private" in done.err) == (0, False)
    assert done.out == 'python/peps#4: title unknown -> "Elsewhere"\n'


# Stopped early ------------------------------------------------------------------------


def test_a_refused_token_changes_nothing_names_the_rest_and_is_never_shown(
    project: Project,
) -> None:
    content = project.write(IssueRecord("python/cpython#101", state="open"))
    project.server.always_fail("graphql", faults.echo_of_the_token)
    done = project.run("refresh", "python/cpython#101", "python/peps#4")
    assert done.status == 3
    assert "refused the token" in done.err
    assert "2 not answered" in done.err
    assert "    python/peps#4 python/cpython#101\n" in done.err
    assert project.world.token not in done.out + done.err
    assert project.snapshot.read_bytes() == content


def test_what_was_found_before_a_limit_is_kept_and_the_rest_named(
    project: Project, many: list[str]
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    project.world.points = 1
    done = project.run("refresh", *many, "--max-wait", "60")
    assert done.status == 3
    assert len(done.out.splitlines()) == 50
    assert "hourly rate limit" in done.err
    assert "stopped early: " in done.err
    assert many[-1] in done.err
    assert many[0] not in done.err
    snapshot = read(project.snapshot)
    assert project.titles() == ["New title"] * 50 + ["T"] * 10
    assert snapshot.status_of(many[0]).as_of == today()
    assert snapshot.status_of(many[-1]).as_of == MONTH_AGO


def test_one_item_without_an_answer_keeps_its_record_and_is_named(project: Project) -> None:
    project.write(IssueRecord("python/cpython#101", state="closed", title="Kept"))
    project.world.forbidden.add(101)
    done = project.run("refresh", "python/cpython#101", "python/peps#4")
    assert done.status == 3
    assert done.out == "python/peps#4: new, open\n"
    assert "1 not answered" in done.err
    assert "    python/cpython#101\n" in done.err
    assert read(project.snapshot).status_of("python/cpython#101").title == "Kept"


def test_an_address_to_follow_is_told_whole(project: Project) -> None:
    for fault in (faults.single_sign_on(200), faults.single_sign_on(403), faults.long_message):
        project.server.always_fail("graphql", fault)
        done = project.run("refresh", "python/peps#4", "--summary", "../summary.md")
        assert done.status == 3
        assert faults.SIGN_ON in done.err
        assert faults.SIGN_ON in (project.folder / "../summary.md").read_text()


def test_github_is_asked_also_when_the_old_tracker_is_gone(project: Project) -> None:
    project.server.always_fail("bpo", faults.html(500))
    done = project.run("refresh", "--max-wait", "0")
    assert done.status == 3
    assert "python/cpython#101: new, open" in done.out
    assert "    bpo-40512\n" in done.err
    assert "bpo-40512" not in project.recorded()


def test_without_a_network_it_says_so(project: Project) -> None:
    content = project.write(IssueRecord("python/cpython#101", state="open"))
    nowhere = "http://127.0.0.1:9/graphql"
    done = project.run("refresh", "o/r#1", "--max-wait", "0", GITHUB_GRAPHQL_URL=nowhere)
    assert done.status == 3
    assert "127.0.0.1:9 cannot be reached" in done.err
    assert project.snapshot.read_bytes() == content


def test_without_a_token_only_what_is_asked_counts_as_done(project: Project) -> None:
    project.cpython.add(*map(Issue, range(1001, 1061)))
    keys = [f"python/cpython#{number}" for number in range(1001, 1061)]
    done = project.run("refresh", *keys, GITHUB_TOKEN="")
    assert done.status == 3
    counts = re.findall(r"^(\d+) of 60 items$", done.err, re.MULTILINE)
    assert counts == ["10", "20", "30", "40", "40"]


def test_a_long_refresh_says_first_how_long_it_will_take(project: Project) -> None:
    project.world.bpo |= {number: BpoIssue(number) for number in range(1, 301)}
    project.cpython.add(*map(Issue, range(1, 301)))
    keys = [f"bpo-{number}" for number in range(1, 301)]
    done = project.run("refresh", *keys, *IN_PLACE)
    assert done.status == 0
    said = done.err.splitlines()[0]
    assert said == (
        "asking for 300 items, 300 of them ids of bugs.python.org: with a token at least 10 "
        "requests of about 2 s each, 20 s in all"
    )
    assert len(project.server.requests) == 10
    assert "at least" not in project.run("refresh", "python/peps#4").err


def test_without_a_token_what_is_known_is_news_only_where_it_changed(project: Project) -> None:
    content = project.seed()
    done = project.run("refresh", GITHUB_TOKEN="")
    assert (done.status, done.out) == (0, "")
    assert "there is no token" in done.err
    assert project.snapshot.read_bytes() == content
    project.cpython.add(Issue(101, "Renamed", updated=f"{today()}T00:00:00Z"))
    done = project.run("refresh", GITHUB_TOKEN="")
    assert (done.status, done.out) == (0, 'python/cpython#101: title "An open one" -> "Renamed"\n')
    snapshot = read(project.snapshot)
    assert snapshot.status_of("python/cpython#101").as_of == today()
    assert snapshot.status_of("python/peps#4").as_of == MONTH_AGO


@pytest.fixture(params=[signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def interruption(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """A signal for this process, which nobody heeds but the command and, of ^C, Python."""
    number: signal.Signals = request.param

    def miss(*_: object) -> None:
        pytest.fail(f"nobody heeds {number.name}")

    # Tests that run in the background ignore these.
    before = signal.signal(number, signal.default_int_handler if number == signal.SIGINT else miss)
    yield number
    signal.signal(number, before)


def test_an_interruption_keeps_what_was_found(
    project: Project, many: list[str], interruption: signal.Signals
) -> None:
    for issue in range(1001, 1061):
        project.cpython.add(Issue(issue, "New title"))

    def interrupt(exchange: Exchange) -> None:
        os.kill(os.getpid(), interruption)
        faults.no_answer(exchange)

    project.server.fail("graphql", answer, interrupt)
    done = project.run("refresh", *many)
    assert done.status == 3
    assert len(done.out.splitlines()) == 50
    assert "stopped early: interrupted\n" in done.err
    assert many[-1] in done.err
    assert project.titles() == ["New title"] * 50 + ["T"] * 10
    assert project.leftovers() == []


def test_an_interruption_ends_a_long_wait(project: Project, many: list[str]) -> None:
    for issue in range(1001, 1061):
        project.cpython.add(Issue(issue, "New title"))
    project.server.fail("graphql", answer, faults.secondary_limit(403, "300", 300))
    process = project.start("refresh", *many, *IN_PLACE)
    assert process.stderr is not None
    while "; waiting 5 min" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.2)  # the wait begins now
    process.send_signal(signal.SIGINT)
    done = finish(process)
    assert done.status == 3
    assert "stopped early: interrupted\n" in done.err
    assert project.titles() == ["New title"] * 50 + ["T"] * 10


def test_an_interruption_while_the_pages_are_read_ends_that_too(
    project: Project, interruption: signal.Signals
) -> None:
    content = project.write(IssueRecord("python/cpython#101", state="open"))
    program = f"import os, time\nos.kill(os.getpid(), {int(interruption)})\ntime.sleep(60)\n"
    (project.folder / "conf.py").write_text(program)
    done = project.run("refresh")
    assert (done.status, done.out) == (3, "")
    assert "interrupted\n" in done.err
    assert project.snapshot.read_bytes() == content


def test_a_signal_that_is_ignored_stays_ignored(project: Project) -> None:
    project.seed()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:

        def hang_up(exchange: Exchange) -> None:
            os.kill(os.getpid(), signal.SIGHUP)
            answer(exchange)

        project.server.fail("graphql", hang_up)
        assert project.run("refresh", "python/cpython#101", *IN_PLACE).status == 0
    finally:
        signal.signal(signal.SIGHUP, before)


# Faults of the servers ---------------------------------------------------------------

FAR = "; to wait for 50 min is longer than allowed (15 min for one answer): run again later"
USED_UP = "the hourly rate limit of {host} is used up"
TOO_FAST = "{host} asks to slow down (secondary rate limit)"
SILENT = "{host} did not answer within 1 s"
BROKEN = "{host} sent an answer that is broken (ProtocolError)"
IN_VAIN = "12 questions in a row were not answered; the last one: "
REDIRECT = "a redirect to {to} (not followed)"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.bad_token, "{host} refused the token (401: Bad credentials): is it expired, or"),
        (faults.forbidden, IN_VAIN + "{host} does not allow it (403: Resource protected by"),
        (faults.primary_limit(200, 3_000), USED_UP + FAR),
        (faults.primary_limit(403, 3_000), USED_UP + FAR),
        (faults.primary_limit(429, 3_000), USED_UP + FAR),
        (faults.secondary_limit(200, None, 9_999), TOO_FAST),
        (faults.secondary_limit(403, None, 9_999), TOO_FAST),
        (faults.secondary_limit(429, None, 9_999), TOO_FAST),
        (faults.secondary_limit(200, "3000", 3_000), TOO_FAST + FAR),
        (faults.secondary_limit(403, "3000", 3_000), TOO_FAST + FAR),
        (faults.secondary_limit(429, "3000", 3_000), TOO_FAST + FAR),
        (faults.html(500), IN_VAIN + "{host} answered 500"),
        (faults.html(502), IN_VAIN + "{host} answered 502"),
        (faults.gateway_timeout, IN_VAIN + "{host} answered 504"),
        (faults.no_answer, SILENT),
        (faults.drip, SILENT),
        (faults.truncated, BROKEN),
        (faults.truncated_chunks, BROKEN),
        (faults.reset, "{host} cannot be reached (Connection reset by peer)"),
        (faults.json_text(b'{"data": nul'), "{host} answered what cannot be read (Input data was"),
        (faults.json_text(b"[]"), "{host} answered what cannot be read (Expected `object`"),
        (faults.json_text(b"{}"), "{host} answered neither data nor errors"),
        (faults.html(200), "{host} answered text/html instead of JSON"),
        (faults.wrong_type, "{host} answered text/plain instead of JSON"),
        (faults.something_went_wrong, IN_VAIN + "{host} answered: Something went wrong while"),
        (faults.too_costly, IN_VAIN + "{host} found the question too costly (This query"),
        (faults.refused_query, "{host} refused the query: Cannot query field 'heading'"),
        (faults.redirect(307, "https://example.org/"), "{host} answered 307, " + REDIRECT),
        (faults.redirect(302, "https://example.org/"), "{host} answered 302, " + REDIRECT),
        (faults.redirect(302, "/graphql"), "{host} answered 302, a redirect to nowhere (not"),
        (faults.huge, "{host} answered more than 16 MiB"),
        (faults.gzip_bomb, "{host} answered more than 16 MiB"),
    ],
)
def test_a_fault_that_stays_ends_it_with_what_was_found(
    project: Project,
    many: list[str],
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Exchange], None],
    words: str,
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    if fault in {faults.no_answer, faults.drip}:
        be_impatient(monkeypatch, range(1, 9))

    def answer_then_fail(exchange: Exchange) -> None:
        project.server.always_fail("graphql", fault)
        answer(exchange)

    project.server.fail("graphql", answer_then_fail)
    done = project.run("refresh", *many, *IN_PLACE)
    assert done.status == 3
    assert project.titles() == ["New title"] * 50 + ["T"] * 10
    assert [line.partition(":")[0] for line in done.out.splitlines()] == many[:50]
    (stop,) = (line for line in done.err.splitlines() if line.startswith("stopped early: "))
    host = project.server.address.removeprefix("http://")
    assert words.format(host=host, to="example.org") in stop
    assert [key for key in many if key in done.err.split()] == many[50:]
    assert "50 records changed; _data/references.jsonl is of " in done.err
    assert project.world.token not in done.out + done.err
    assert project.leftovers() == []


@pytest.mark.parametrize(
    ("fault", "missed", "words"),
    [
        (faults.other_item, slice(50, 60), "(GitHub's answer is odd: it is about "),
        (
            faults.partial_data,
            slice(50, 60, 2),
            "5 not answered (GitHub answered: Something went wrong):",
        ),
        (faults.poison(1055), slice(54, 55), "1 not answered ({host} answered 502):"),
    ],
)
def test_items_without_an_answer_keep_their_records_and_the_rest_is_new(
    project: Project,
    many: list[str],
    fault: Callable[[Exchange], None],
    missed: slice,
    words: str,
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))

    def answer_then_fail(exchange: Exchange) -> None:
        project.server.always_fail("graphql", fault)
        answer(exchange)

    project.server.fail("graphql", answer_then_fail)
    done = project.run("refresh", *many, *IN_PLACE)
    assert done.status == 3
    titles = dict.fromkeys(many, "New title") | dict.fromkeys(many[missed], "T")
    assert project.titles() == list(titles.values())
    assert words.format(host=project.server.address.removeprefix("http://")) in done.err
    assert [key for key in many if key in done.err.split()] == many[missed]
    assert "stopped early" not in done.err


@pytest.mark.parametrize(
    ("passing", "words"),
    [
        ([faults.primary_limit(403, 30)], USED_UP + "; waiting "),
        ([faults.secondary_limit(429, "5", 5)], TOO_FAST + "; waiting 5 s"),
        ([faults.html(502)] * 2, "{host} answered 502; waiting 1 s"),
        ([faults.truncated, faults.reset], BROKEN + "; waiting 1 s"),
    ],
)
def test_a_fault_that_passes_is_told_and_costs_nothing(
    project: Project, many: list[str], passing: list[Callable[[Exchange], None]], words: str
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    project.server.fail("graphql", answer, *passing)
    done = project.run("refresh", *many, *IN_PLACE)
    assert words.format(host=project.server.address.removeprefix("http://")) in done.err
    assert (done.status, project.titles()) == (0, ["New title"] * 60)


# The file -----------------------------------------------------------------------------


def test_a_portion_is_saved_before_the_next_is_asked_for(project: Project, many: list[str]) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    project.is_covered = False
    project.server.fail("graphql", answer, faults.no_answer)
    process = project.start("refresh", *many, *IN_PLACE)
    wait_until(lambda: len(project.server.asked("graphql")) == 2, "second question")
    process.kill()
    process.communicate()
    assert project.titles() == ["New title"] * 50 + ["T"] * 10
    snapshot = read(project.snapshot)
    assert (snapshot.status_of(many[0]).as_of, snapshot.status_of(many[-1]).as_of) == (
        today(),
        MONTH_AGO,
    )


def test_a_full_disk_is_told_and_leaves_the_old_file(project: Project, many: list[str]) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    content = project.snapshot.read_bytes()
    project.is_covered = False
    process = subprocess.Popen(
        [sys.executable, "-m", "sphinx_snapshots.refstatus", "refresh", *many, *IN_PLACE],
        cwd=project.folder,
        env=project.environment(PYTHONDONTWRITEBYTECODE="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000)),
    )
    done = finish(process)
    assert done.status == 3
    assert len(done.out.splitlines()) == 50
    problem = "_data/references.jsonl cannot be written: File too large"
    assert f"stopped early: {problem}\n" in done.err
    assert done.err.endswith(f"{problem}. Make room, and run this again\n")
    assert project.snapshot.read_bytes() == content
    assert project.leftovers() == []


def test_what_was_saved_before_the_disk_was_full_stands(
    project: Project, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    writes = iter([replace_file])

    def write_once(path: Path, content: bytes) -> None:
        for write in writes:
            write(path, content)
            return
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("sphinx_snapshots.refstatus.__main__.replace_file", write_once)
    done = project.run("refresh", *many)
    assert done.status == 3
    assert "_data/references.jsonl cannot be written: No space left on device" in done.err
    assert project.titles() == ["New title"] * 50 + ["T"] * 10


def test_a_request_to_end_during_the_last_save_leaves_a_whole_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.seed()
    project.cpython.add(Issue(101, "New title"))
    whole: list[bytes] = []

    def sync(_descriptor: int) -> None:
        whole.append(project.snapshot.read_bytes())
        # A file and its folder each: the pages as read, the only portion, the end.
        if len(whole) == 5:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(os, "fsync", sync)
    done = project.run("refresh")
    assert (done.status, done.err.splitlines()[-1]) == (3, "interrupted")
    assert project.snapshot.read_bytes() == whole[3] != whole[2]
    assert "New title" in project.titles()
    assert project.leftovers() == []


def without_privileges() -> list[str]:
    """What to put before a command so that the modes of files count for it."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and there is no setpriv to change that")
    dropped = "-dac_override,-dac_read_search,-fowner"
    command = [setpriv, "--inh-caps", dropped, "--bounding-set", dropped]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("root may write everywhere, and may not give that up")
    return command


def run_without_privileges(project: Project, *arguments: str) -> Done:
    process = subprocess.Popen(
        [*without_privileges(), sys.executable, "-m", "sphinx_snapshots.refstatus", *arguments],
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return finish(process)


def test_a_folder_that_cannot_be_written_is_reported_before_anything_is_asked(
    project: Project,
) -> None:
    content = project.write(IssueRecord("python/cpython#101", state="open"))
    project.snapshot.parent.chmod(0o555)
    done = run_without_privileges(project, "refresh", "python/cpython#101", *IN_PLACE)
    project.snapshot.parent.chmod(0o755)
    assert (done.status, done.out) == (3, "")
    assert re.search(r"_data/\.references\.jsonl\S*: Permission denied", done.err)
    assert not project.server.requests
    assert project.snapshot.read_bytes() == content


def test_a_second_refresh_waits_for_the_first(project: Project) -> None:
    project.is_covered = False
    project.server.fail("graphql", faults.no_answer)
    first = project.start("refresh", "python/cpython#101", *IN_PLACE)
    wait_until(lambda: bool(project.server.asked("graphql")), "question")
    impatient = project.run("refresh", "python/peps#4", "--max-wait", "1")
    assert impatient.status == 3
    busy = "another command is still writing _data/references.jsonl; nothing was asked\n"
    assert impatient.err.endswith(busy)
    assert not project.snapshot.exists()
    second = project.start("refresh", "python/peps#4", *IN_PLACE)
    time.sleep(0.5)
    first.kill()
    first.communicate()
    done = finish(second)
    assert (done.status, done.out) == (0, "python/peps#4: new, open\n")
    assert project.leftovers() == []


def test_refreshes_at_the_same_time_lose_nothing(project: Project) -> None:
    keys = ["python/cpython#101", "python/cpython#102", "python/peps#4", "bpo-40512"]
    processes = [project.start("refresh", key, *IN_PLACE) for key in keys]
    assert [finish(process).status for process in processes] == [0] * 4
    assert project.recorded() == [
        "bpo-40512",
        "python/cpython#101",
        "python/cpython#102",
        "python/cpython#84692",
        "python/peps#4",
    ]
    assert read(project.snapshot).remarks == ()


@pytest.mark.starts_first
@pytest.mark.slow
def test_a_refresh_killed_at_any_moment_leaves_a_whole_file_and_no_lock(
    project: Project, many: list[str]
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    project.world.points = 100_000
    project.is_covered = False
    done = subprocess.run(
        [sys.executable, HERE / "killed_refreshes.py", project.snapshot, *many],
        env=project.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "20 0"
    assert project.leftovers() == []


def answer_fast(exchange: Exchange) -> None:
    """An answer about issues of which the first 500 are closed now, without GitHub's schema."""
    node = {
        "__typename": "Issue",
        "title": "x" * 60,
        "state_reason": None,
        "created_at": "2020-05-05T10:00:00Z",
        "closed_at": None,
        "repository": {"name": "o/r"},
    }
    nodes: dict[str, object] = {"name": "o/r", "is_private": False}
    for number in map(int, re.findall(rb"number: (\d+)", exchange.recorded.body)):
        state = "CLOSED" if number <= 500 else "OPEN"
        nodes[f"i{number}"] = {**node, "number": number, "issue_state": state}
    exchange.send_json(200, {"data": {"r0": nodes}})


@pytest.mark.starts_first
@pytest.mark.slow
def test_ten_thousand_items_take_200_requests_and_50_mb(project: Project) -> None:
    keys = [f"o/r#{number}" for number in range(1, 10_001)]
    opened = date(2020, 5, 5)
    project.write(*(IssueRecord(key, "open", title="x" * 60, opened=opened) for key in keys))
    project.server.always_fail("graphql", answer_fast)
    done = subprocess.run(
        [sys.executable, HERE / "many_items.py", project.snapshot],
        # Without coverage, which costs more than what it looks at.
        env={**project.server.environment(), "PYTHONPATH": os.fspath(HERE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *news, figures = done.stdout.splitlines()
    assert len(news) == 500
    assert len(project.server.requests) == 200
    kilobytes, seconds = map(float, figures.split())
    assert kilobytes <= 50_000
    assert seconds < 30


# check and explain --------------------------------------------------------------------


def test_check_lists_what_does_not_fit_and_asks_nobody(project: Project) -> None:
    (project.folder / "more.rst").write_text("More\n====\n\n:gh:`101`, :bpo:`40512`\n")
    project.write(
        IssueRecord("python/cpython#101", state="open"),
        IssueRecord("x/y#1", state="open"),
        day=today() - timedelta(days=9),
    )
    with project.snapshot.open("a") as file:
        file.write('{"kind":"bpo","key":"bpo-40512","github":"python/cpython#84692"}\n')
    done = project.run("check", "--max-age", "8")
    assert (done.status, done.out.splitlines()) == (
        1,
        [
            f"python/cpython@{SHA[:7]} has no record; cited in index.rst; run refresh --new",
            "python/cpython#102 has no record; cited in index.rst; run refresh --new",
            "python/cpython#84692 has no record; cited in index.rst, more.rst; run refresh --new",
            "python/peps#4 has no record; cited in index.rst; run refresh --new",
            "x/y#1 is cited nowhere; refresh --prune removes its record",
            "the snapshot is 9 days old, more than 8; run refresh",
        ],
    )
    (project.folder / "more.rst").unlink()
    project.seed()
    assert project.run("check", "--max-age", "30") == (0, "", "")
    assert not project.server.requests


def test_what_is_kept_of_the_pages_does_not_grow_from_run_to_run(project: Project) -> None:
    project.seed()
    doctrees = project.folder / "read" / "pages"

    def check() -> list[Path]:
        assert project.run("check", "--doctrees", "read/pages") == (0, "", "")
        return sorted(doctrees.rglob("*"))

    first = check()
    assert doctrees / "environment.pickle" in first
    assert check() == first


def test_pages_that_have_not_changed_are_read_once(project: Project) -> None:
    project.seed()
    doctree = project.folder / "read" / "index.doctree"

    def check() -> int:
        assert project.run("check", "--doctrees", "read") == (0, "", "")
        return doctree.stat().st_mtime_ns

    first = check()
    assert check() == first


@pytest.mark.parametrize("options", [(), ("--snapshot", "nowhere.jsonl"), ("--max-age", "8")])
def test_check_says_once_that_there_is_no_snapshot(
    project: Project, options: tuple[str, ...]
) -> None:
    name = options[1] if "--snapshot" in options else "_data/references.jsonl"
    assert project.run("check", *options) == (1, f"there is no {name}; run refresh\n", "")


@pytest.mark.parametrize("command", [["check"], ["explain", "bpo-40512"]])
def test_without_the_extra_all_but_refresh_work_and_the_network_is_not_touched(
    project: Project, command: list[str]
) -> None:
    project.seed()
    done = subprocess.run(
        [sys.executable, HERE / "without_extra.py", *command],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_refresh_without_the_extra_says_which_to_install(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "filelock", None)
    done = project.run("refresh")
    assert done == (2, "", 'refresh needs filelock: pip install "sphinx-snapshots[refresh]"\n')


def test_explain_tells_what_is_known_and_where_it_is_cited(project: Project) -> None:
    assert project.run("explain", "bpo-40512").out.splitlines() == [
        "bpo-40512: no record",
        "    page           https://bugs.python.org/issue40512",
        "    cited as       bpo-40512",
        "    cited in       index.rst, Site",
    ]
    project.seed()
    done = project.run("explain", "https://bugs.python.org/issue40512#msg1")
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "bpo-40512: became python/cpython#84692",
            "python/cpython#84692: completed",
            "    title          Meta issue",
            "    opened         2020-05-05",
            "    closed         2023-01-02",
            f"    as of          {MONTH_AGO}",
            "    page           https://github.com/python/cpython/issues/84692",
            "    cited as       bpo-40512",
            "    cited in       index.rst, Site",
        ],
    )
    done = project.run("explain", f"python/cpython@{SHA[:9]}")
    assert done.out.startswith(f"python/cpython@{SHA}: commit\n    title          A commit\n")
    assert f"    cited as       python/cpython@{SHA[:7]}\n" in done.out


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *((name, "python/cpython#102") for name in ("102", "#102", "gh-102", "GH-102", "102+")),
        *((f"{start}{SHA[:7]}", f"python/cpython@{SHA[:7]}") for start in ("", "@")),
        ("bpo-40512", "bpo-40512"),
        ("Python/PEPs#4", "python/peps#4"),
        ("https://github.com/python/cpython/pull/102/files", "python/cpython#102"),
    ],
)
def test_an_item_is_named_as_on_a_page(project: Project, name: str, key: str) -> None:
    done = project.run("explain", name)
    assert done.out.startswith(f"{key}: no record\n")
    assert "cited in       index.rst" in done.out
    done = project.run("refresh", name)
    assert done.err.startswith(f"{name} is {key}\n") is (name != key)
    assert done.status == 0
    assert project.recorded()
    # Whose it is, is asked of conf.py also where the snapshot is named.
    again = project.run("refresh", name, *IN_PLACE)
    assert (again.status, again.out) == (0, "")


# What the user sees -------------------------------------------------------------------


def test_a_user_at_a_terminal_sees_the_count_move(project: Project, many: list[str]) -> None:
    ours, theirs = pty.openpty()
    with ExitStack() as stack:
        stack.callback(os.close, ours)
        process = subprocess.Popen(
            [sys.executable, "-m", "sphinx_snapshots.refstatus", "refresh", *many, *IN_PLACE],
            cwd=project.folder,
            env=project.environment(),
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        seen = b""
        # The end of a terminal is an error on Linux.
        while chunk := read_or_nothing(ours):
            seen += chunk
        assert process.wait() == 0
    assert re.search(rb"\r\x1b\[K50 of 60 items.*\r\x1b\[K60 of 60 items[^\r\n]*\r\n", seen)


def read_or_nothing(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


def test_a_reader_who_has_seen_enough_gets_no_traceback(project: Project) -> None:
    project.write(TRUTH[0])
    with project.start("check") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 3


def test_a_reader_who_has_seen_enough_costs_no_answer(project: Project) -> None:
    with project.start("refresh", "python/peps#4", *IN_PLACE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, "Traceback" in told) == (3, False)
    assert "1 record changed; " in told
    assert project.recorded() == ["python/peps#4"]


def test_an_output_that_takes_nothing_is_told_and_costs_no_answer(project: Project) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sphinx_snapshots.refstatus",
                "refresh",
                "python/peps#4",
                *IN_PLACE,
            ],
            cwd=project.folder,
            env=project.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
        done = finish(process)
    assert done.status == 3
    assert "the output: No space left on device" in done.err
    assert project.recorded() == ["python/peps#4"]
