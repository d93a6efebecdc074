"""``python -m refstatus`` as its user meets it: real processes, a local server, a small site."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.asking import Asking
from sphinx_snapshots.refstatus.refresh.bpo import Bpo
from sphinx_snapshots.refstatus.refresh.interruption import Interrupted, Interruption
from sphinx_snapshots.refstatus.refresh.merge import SOURCE, Scope
from sphinx_snapshots.refstatus.refresh.progress import Progress
from sphinx_snapshots.refstatus.snapshot import (
    BpoRecord,
    CommitRecord,
    Header,
    IssueRecord,
    PullRecord,
    Record,
    Snapshot,
    read,
    render,
)
from stand_in import BpoIssue, Commit, Issue, Pull, StandIn, World, faults
from stand_in.world import make_inventory
from subprocess_coverage import COVERAGE

WING = "sphinx_snapshots.refstatus.refresh"

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stand_in.server import Exchange

ROOT = Path(__file__).parents[3]
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
MONTH_AGO = datetime.now(UTC).date() - timedelta(days=30)

# Reading the pages runs whatever extensions a site has: they get no token.
CONF = """
import os
project = "Site"
extensions = ["sphinx_snapshots.refstatus"]
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

    def __init__(self, folder: Path, server: StandIn) -> None:
        self.folder = folder
        self.server = server
        self.world = server.world
        self.snapshot = folder / "_data" / "references.jsonl"
        #: Whether what the command runs counts as covered. One that is killed, or has no room,
        #: would break the file of that.
        self.is_covered = True
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
        path = {"PYTHONPATH": os.fspath(ROOT / "_ext"), "PATH": "/usr/bin:/bin"}
        coverage = COVERAGE if self.is_covered else {}
        return path | coverage | self.server.environment() | more

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
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
        return finish(self.start(*arguments, **more))

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
def project(tmp_path: Path) -> Iterator[Project]:
    with StandIn(World()) as server:
        yield Project(tmp_path / "site", server)


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
    (project.folder / "conf.py").unlink()
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
    inventory = project.folder / "_data" / "python.inv"
    inventory.write_bytes(project.world.inventory)
    project.world.inventory = make_inventory(101)
    before = sorted(path.name for path in project.snapshot.parent.iterdir())
    kept = inventory.read_bytes()
    done = project.run("refresh", "--dry-run")
    assert done.status == 0
    assert '-{"kind":"issue","key":"python/cpython#101","state":"open","title":"Old ' in done.out
    assert '+{"kind":"issue","key":"python/cpython#101","state":"open","title":"An' in done.out
    assert "_data/python.inv: the names in docs.python.org" in done.out
    assert done.err.endswith("6 records changed; nothing was written\n")
    assert all(line.isprintable() for line in done.out.splitlines())
    assert project.snapshot.read_bytes() == content
    assert inventory.read_bytes() == kept
    assert sorted(path.name for path in project.snapshot.parent.iterdir()) == before


def test_the_summary_is_for_a_reviewer(project: Project) -> None:
    project.cpython.add(Issue(101, "Ping @python/core `x` <b>"))
    done = project.run("refresh", "--summary", "../summary.md")
    assert done.status == 0
    summary = (project.folder / "../summary.md").read_text()
    assert "## Changed (6)\n" in summary
    assert "- `python/cpython#101`: `new, open`, `` Ping @python/core `x` <b> ``\n" in summary


def test_prune_removes_what_is_cited_nowhere_without_asking_for_it(project: Project) -> None:
    project.write(*TRUTH, IssueRecord("x/y#1", state="open"))
    done = project.run("refresh", "--prune")
    assert (done.status, done.out) == (0, "x/y#1: removed\n")
    assert tuple(read(project.snapshot).records.values()) == TRUTH
    assert all(b"x/y" not in request.body for request in project.server.requests)


def test_the_inventory_is_brought_up_to_date(project: Project) -> None:
    inventory = project.folder / "_data" / "python.inv"
    project.seed()
    inventory.write_bytes(make_inventory(99))
    done = project.run("refresh")
    assert (done.status, done.out) == (0, "_data/python.inv: the names in docs.python.org\n")
    assert inventory.read_bytes() == project.world.inventory
    project.world.inventory = b"nonsense"
    done = project.run("refresh")
    assert done.status == 3
    assert "python.inv stays as it is" in done.err


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
    assert "_data/references.jsonl: the lines are not sorted; the next refresh tidies" in done.err
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
        (["refresh", "x"], "'x' is not a key; keys look like"),
        (["refresh", "--new", "--open"], "not allowed with"),
        (["refresh", "--new", "o/r#1"], "name no KEY with them"),
        (["refresh", "--prune", "o/r#1"], "name no KEY with them"),
        (["refresh", "--dry-run", "--summary", "x"], "--dry-run writes nothing"),
        (["refresh", "--max-wait", "-1"], "is not a whole number"),
        (["check", "--max-age", "1e3"], "'1e3' is not a whole number"),
        (["explain", "https://example.org/"], "is not a key"),
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
    assert "Sphinx cannot read the pages" in done.err
    assert "No module named 'nothing_of_this_name'" in done.err
    (project.folder / "conf.py").write_text("")
    assert "refstatus" in project.run("check").err


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
    assert "is used up" in done.err
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_keeps_what_was_found(
    project: Project, many: list[str], number: signal.Signals
) -> None:
    for issue in range(1001, 1061):
        project.cpython.add(Issue(issue, "New title"))
    project.server.fail("graphql", answer, faults.no_answer)
    process = project.start("refresh", *many)
    wait_until(lambda: len(project.server.asked("graphql")) == 2, "second question")
    process.send_signal(number)
    done = finish(process)
    assert done.status == 3
    assert len(done.out.splitlines()) == 50
    assert f"stopped early: interrupted by {number.name}" in done.err
    assert many[-1] in done.err
    assert project.titles() == ["New title"] * 50 + ["T"] * 10
    assert project.leftovers() == []


def test_an_interruption_ends_a_long_wait(project: Project, many: list[str]) -> None:
    for issue in range(1001, 1061):
        project.cpython.add(Issue(issue, "New title"))
    project.server.fail("graphql", answer, faults.secondary_limit(403, "300", 300))
    process = project.start("refresh", *many)
    assert process.stderr is not None
    while "; waiting 5 min" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.2)  # the wait begins now
    process.send_signal(signal.SIGINT)
    done = finish(process)
    assert done.status == 3
    assert "stopped early: interrupted by SIGINT" in done.err
    assert project.titles() == ["New title"] * 50 + ["T"] * 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_while_the_pages_are_read_ends_that_too(
    project: Project, number: signal.Signals
) -> None:
    content = project.write(IssueRecord("python/cpython#101", state="open"))
    mark = project.folder / "reading"
    program = (
        f"import os, pathlib, time\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n"
    )
    (project.folder / "conf.py").write_text(f"{program}time.sleep(60)\n")
    process = project.start("refresh")
    wait_until(lambda: mark.exists() and bool(mark.read_text()), "reading")
    process.send_signal(number)
    done = finish(process)
    assert (done.status, done.out) == (3, "")
    assert "interrupted; nothing was asked" in done.err
    assert project.snapshot.read_bytes() == content
    wait_until(lambda: not Path(f"/proc/{mark.read_text()}").exists(), "end of Sphinx")


def test_the_first_signal_counts_and_none_while_something_is_written() -> None:
    with Interruption():
        with pytest.raises(Interrupted, match="SIGTERM"):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
    with Interruption() as interruption:
        interruption.hold_back()
        try:
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            # It would end the whole test run.
            pytest.fail("a signal interrupted what must not be interrupted")


def test_a_signal_that_was_held_back_interrupts_the_next_wait() -> None:
    with Interruption() as interruption:
        interruption.hold_back()
        with interruption.waiting():
            pass
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(Interrupted, match="SIGTERM"), interruption.waiting():
            pytest.fail("this was waited for")
        with interruption.waiting():
            signal.raise_signal(signal.SIGINT)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interruption():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    except KeyboardInterrupt:
        pytest.fail("a signal interrupted that is ignored")
    finally:
        signal.signal(signal.SIGHUP, before)


# The file -----------------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_file_and_the_changes_are_told(
    project: Project, many: list[str], tmp_path: Path
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    content = project.snapshot.read_bytes()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    project.is_covered = False
    environment = project.environment(PYTHONDONTWRITEBYTECODE="1", TMPDIR=os.fspath(temporary))
    process = subprocess.Popen(
        [sys.executable, "-m", "sphinx_snapshots.refstatus", "refresh", *many],
        cwd=project.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000)),
    )
    done = finish(process)
    assert done.status == 3
    assert len(done.out.splitlines()) == 60
    assert "_data/references.jsonl stays as it is: File too large" in done.err
    assert "Make room, and run this again" in done.err
    assert project.snapshot.read_bytes() == content
    assert project.leftovers() == []
    assert not list(temporary.iterdir())


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
    done = run_without_privileges(project, "refresh", "python/cpython#101")
    project.snapshot.parent.chmod(0o755)
    assert (done.status, done.out) == (3, "")
    assert re.search(r"_data/\.references\.jsonl\S*: Permission denied", done.err)
    assert not project.server.requests
    assert project.snapshot.read_bytes() == content


def test_what_cannot_be_written_in_its_place_is_kept_elsewhere(
    project: Project, tmp_path: Path
) -> None:
    content = project.write(IssueRecord("python/cpython#101", state="open", title="Old"))
    locked = tmp_path / "locked"
    locked.mkdir()
    project.snapshot.rename(locked / "real.jsonl")
    project.snapshot.symlink_to(locked / "real.jsonl")
    locked.chmod(0o555)
    done = run_without_privileges(project, "refresh", "python/cpython#101")
    locked.chmod(0o755)
    assert done.status == 3
    assert "stays as it is: Permission denied. The new content is in " in done.err
    assert (locked / "real.jsonl").read_bytes() == content
    match = re.search(r"The new content is in (\S+);", done.err)
    assert match is not None
    rescued = Path(match[1])
    assert read(rescued).status_of("python/cpython#101").title == "An open one"
    shutil.rmtree(rescued.parent)


def test_a_second_refresh_waits_for_the_first_and_is_told_for_whom(project: Project) -> None:
    project.is_covered = False
    project.server.fail("graphql", faults.no_answer)
    first = project.start("refresh", "python/cpython#101")
    wait_until(lambda: bool(project.server.asked("graphql")), "question")
    content = project.snapshot.read_bytes() if project.snapshot.exists() else None
    impatient = project.run("refresh", "python/peps#4", "--max-wait", "1")
    who = rf"process {first.pid} on \S+, since 20\d\d-\d\d-\d\d [\d:]+ UTC"
    assert impatient.status == 3
    assert re.search(rf"another refresh is at work \({who}\); waiting for it", impatient.err)
    assert re.search(rf"still at work \({who}\); nothing was asked", impatient.err)
    assert content is None
    assert not project.snapshot.exists()
    second = project.start("refresh", "python/peps#4")
    time.sleep(0.5)
    first.kill()
    first.communicate()
    done = finish(second)
    assert (done.status, done.out) == (0, "python/peps#4: new, open\n")
    assert project.leftovers() == []


def test_refreshes_at_the_same_time_lose_nothing(project: Project) -> None:
    keys = ["python/cpython#101", "python/cpython#102", "python/peps#4", "bpo-40512"]
    processes = [project.start("refresh", key) for key in keys]
    assert [finish(process).status for process in processes] == [0] * 4
    assert project.recorded() == [
        "bpo-40512",
        "python/cpython#101",
        "python/cpython#102",
        "python/cpython#84692",
        "python/peps#4",
    ]
    assert read(project.snapshot).remarks == ()


# Forks, so that 200 processes take seconds: each writes one of two contents again and again.
KILLED_WRITERS = """
import os, random, signal, sys, time
from datetime import date
from pathlib import Path
from sphinx_snapshots.kit.files import replace_file
from sphinx_snapshots.refstatus.refresh.lock import hold
from sphinx_snapshots.refstatus.snapshot import Header, IssueRecord, render

path = Path(sys.argv[1])
header = Header(1, date(2026, 11, 22), "tests")
records = [
    {f"o/r#{n}": IssueRecord(f"o/r#{n}", state=state, title="x" * 99) for n in range(1, 301)}
    for state in ("open", "closed")
]


def write(number):
    with hold(path, 5, print):
        replace_file(path, render(header, records[number]))


def seconds():
    start = time.monotonic()
    write(0)
    return time.monotonic() - start


# A write takes longer on some disks: a kill must find the first or the second at any point.
two_writes = 2 * max(seconds() for _ in range(10))
valid = {render(header, r): number for number, r in enumerate(records)}
chance = random.Random(20261122)
seen = set()
for _ in range(200):
    write(0)
    child = os.fork()
    if child == 0:
        while True:
            write(1)
            write(0)
    time.sleep(chance.uniform(0, two_writes))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    content = path.read_bytes()
    assert content in valid, content[:200]
    seen.add(valid[content])
    left = [name for name in os.listdir(path.parent) if name.endswith(".tmp")]
    assert len(left) <= 1, left
with hold(path, 5, print):
    pass
print(sorted(seen), sorted(os.listdir(path.parent)))
"""


def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WRITERS, path],
        # Without coverage, whose own file would break when a process is killed.
        env={"PYTHONPATH": os.fspath(ROOT / "_ext")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[0, 1] ['.x.jsonl.lock', 'x.jsonl']\n"


# Forks, too, so that no time goes into imports: each child is a whole refresh.
KILLED_REFRESHES = """
import os, random, signal, sys, time
from pathlib import Path
from sphinx_snapshots.refstatus.__main__ import main
from sphinx_snapshots.refstatus.snapshot import read

path, *keys = sys.argv[1:]
path = Path(path)
old = path.read_bytes()
# What is done the first time only is done now.
main(["refresh", "--snapshot", str(path), *keys])


def begin():
    path.write_bytes(old)
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os._exit(main(["refresh", "--snapshot", str(path), *keys]))
    return child


def titles():
    return {record.title for record in read(path).records.values()}


def seconds():
    start = time.monotonic()
    _, status = os.waitpid(begin(), 0)
    assert (status, titles()) == (0, {"New title"})
    return time.monotonic() - start


longest = max(seconds() for _ in range(5))
chance = random.Random(20261122)
seen, kills = {"T": 0, "New title": 0}, 0
while kills < 200:
    child = begin()
    time.sleep(chance.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    was_killed = os.WIFSIGNALED(status)
    kills += was_killed
    # However fast the machine is just now, most must be killed, and some of them near the end.
    longest *= 1.05 if was_killed else 0.8
    (title,) = titles()
    seen[title] += was_killed
    left = [name for name in os.listdir(path.parent) if name.endswith(".tmp")]
    assert len(left) <= 1, left
assert seen["T"], seen
print(sum(seen.values()), main(["refresh", "--snapshot", str(path), "--max-wait", "0", *keys]))
"""


@pytest.mark.starts_first
@pytest.mark.slow
def test_a_refresh_killed_at_any_moment_leaves_the_old_file_or_the_new_one_and_no_lock(
    project: Project,
) -> None:
    numbers = range(1, 4)
    project.cpython.add(*(Issue(number, "New title") for number in numbers))
    records = [IssueRecord(f"python/cpython#{n}", state="open", title="T") for n in numbers]
    project.write(*records)
    project.world.points = 100_000
    project.is_covered = False
    done = subprocess.run(
        [sys.executable, "-c", KILLED_REFRESHES, project.snapshot, *(r.key for r in records)],
        env=project.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "200 0"
    assert project.leftovers() == []


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
    assert first
    assert check() == first
    # What an earlier run has found is not taken for what this one finds.
    (project.folder / "conf.py").write_text("import os\nos._exit(0)\n")
    assert project.run("check", "--doctrees", "read/pages").status == 2


def test_check_without_a_snapshot_names_everything(project: Project) -> None:
    done = project.run("check", "--max-age", "8")
    assert done.status == 1
    assert done.out.count("has no record") == 5
    assert "there is no snapshot; run refresh" in done.out


@pytest.mark.parametrize("command", [["check"], ["explain", "bpo-40512"]])
def test_only_refresh_loads_code_for_the_network_and_only_a_build_sphinx(
    project: Project, command: list[str]
) -> None:
    program = (
        "import sys; from sphinx_snapshots.refstatus.__main__ import main;"
        "main(sys.argv[1:]);"
        "network = 'sphinx_snapshots.refstatus.refresh.transport';"
        "print(*{'requests', network, 'sphinx', 'docutils'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == ""


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


# What the user sees -------------------------------------------------------------------


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_one_line_that_moves() -> None:
    times = iter([0.0, 2.0, 4.0])
    stream = Terminal()
    progress = Progress(stream, lambda: next(times))
    progress.count(50, 120)
    progress.announce("waiting\x1b[2J 3 seconds")
    progress.count(120, 120)
    progress.finish()
    assert stream.getvalue() == (
        "\r\x1b[K50 of 120 items, 25 a second"
        "\r\x1b[Kwaiting[2J 3 seconds\n50 of 120 items, 25 a second"
        "\r\x1b[K120 of 120 items, 30 a second\n"
    )


def test_progress_elsewhere_is_one_line_a_batch() -> None:
    times = iter([0.0, 2.0])
    stream = StringIO()
    progress = Progress(stream, lambda: next(times))
    progress.announce("hello")
    progress.count(50, 120)
    progress.finish()
    assert stream.getvalue() == "hello\n50 of 120 items, 25 a second\n"


def test_the_rate_is_that_of_the_server_that_is_asked() -> None:
    times = iter([0.0, 10.0, 14.0])
    stream = StringIO()
    progress = Progress(stream, lambda: next(times))
    progress.restart_clock(40)
    progress.count(60, 100)
    assert stream.getvalue() == "60 of 100 items, 5 a second\n"


def test_the_ids_of_the_old_tracker_do_not_speed_up_the_rest(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.world.bpo.update({n: BpoIssue(84692) for n in range(1, 41)})
    clock = iter(range(10_000))
    monkeypatch.setattr(f"{WING}.asking.Bpo", partial(Bpo, sleep=project.server.sleep))
    stream = StringIO()
    asking = Asking(
        Snapshot.empty(),
        [*map(Reference.bpo, range(1, 41)), Reference.github("python/cpython", 101)],
        Scope.NAMED,
        addresses=project.server.addresses,
        max_wait=0,
        progress=Progress(stream, lambda: next(clock)),
        waiting=nullcontext,
    )
    asking.run(project.server.environment())
    assert stream.getvalue().splitlines() == [
        "20 of 41 items, 20 a second",
        "40 of 41 items, 20 a second",
        "42 of 42 items, 2 a second",
    ]


def test_a_user_at_a_terminal_sees_the_count_move(project: Project, many: list[str]) -> None:
    ours, theirs = pty.openpty()
    with ExitStack() as stack:
        stack.callback(os.close, ours)
        process = subprocess.Popen(
            [sys.executable, "-m", "sphinx_snapshots.refstatus", "refresh", *many],
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
    with project.start("check") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 3


@pytest.mark.parametrize("closed", [["stderr"], ["stdout"], ["stdout", "stderr"]])
@pytest.mark.parametrize(("points", "found", "status"), [(5_000, 60, 0), (1, 50, 3)])
def test_a_reader_who_has_seen_enough_costs_no_answer(
    project: Project, many: list[str], closed: list[str], points: int, found: int, status: int
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    project.world.points = points
    with project.start("refresh", *many) as process:
        for name in closed:
            getattr(process, name).close()
        told = {name: getattr(process, name).read() for name in {"stdout", "stderr"} - {*closed}}
    assert process.returncode == status
    assert project.titles() == ["New title"] * found + ["T"] * (60 - found)
    assert project.leftovers() == []
    assert "Traceback" not in told.get("stderr", "")
    if "stdout" in told:
        assert len(told["stdout"].splitlines()) == found
    if "stderr" in told:
        assert f"{found} records changed; " in told["stderr"]
        assert ("stopped early: " in told["stderr"]) == bool(status)


@pytest.mark.parametrize("redirections", ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_without_an_output_it_works_all_the_same(
    project: Project, many: list[str], redirections: str
) -> None:
    for number in range(1001, 1061):
        project.cpython.add(Issue(number, "New title"))
    command = shlex.join([sys.executable, "-m", "sphinx_snapshots.refstatus", "refresh", *many])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} {redirections}"],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert project.titles() == ["New title"] * 60


def test_an_output_that_takes_nothing_is_told_and_costs_no_answer(project: Project) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen(
            [sys.executable, "-m", "sphinx_snapshots.refstatus", "refresh", "python/peps#4"],
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


def test_the_builder_tells_the_files_of_the_pages(project: Project) -> None:
    out = project.folder / "out"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "refstatus", ".", os.fspath(out)]
    environment = project.environment()
    del environment["GITHUB_TOKEN"]
    subprocess.run(command, cwd=project.folder, env=environment, check=True)
    content = json.loads((out / "references.json").read_text())
    places = {item["key"]: item["cited_in"] for item in content["items"]}
    assert places["python/peps#4"] == [
        {"page": "index.rst", "anchor": "section", "title": "Section"}
    ]
    assert sorted(path.name for path in out.iterdir()) == [".doctrees", "references.json"]
