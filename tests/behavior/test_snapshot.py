"""The file of results: what is read, what is refused, how runs are merged, how it is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from expected_results import expected
from hypothesis import given
from hypothesis import strategies as st
from sphinx_snapshots.behavior.model import (
    LONGEST_DETAIL,
    Observation,
    Outcome,
    Series,
    Version,
)
from sphinx_snapshots.behavior.snapshot import (
    Results,
    Run,
    parse,
    read,
    render,
    update,
)
from sphinx_snapshots.kit.files import FileError

DIGEST = "0123456789abcdef"
HEADER = b'{"format":2}\n'
ONE = (
    b'{"probe":"fork","version":"3.13.0","outcome":"raises","detail":"E: no",'
    b'"digest":"0123456789abcdef"}\n'
    b'{"probe":"fork","version":"3.13.5","outcome":"works","detail":"0",'
    b'"digest":"0123456789abcdef"}\n'
    b'{"probe":"fork","version":"3.13.7","outcome":"works","detail":"0",'
    b'"digest":"0123456789abcdef"}\n'
)
WORKS = Observation(Outcome.WORKS, "0")
RAISES = Observation(Outcome.RAISES, "E: no")
CRASHES = Observation(Outcome.CRASHES, "SIGSEGV")


def result(version: str, seen: Observation, probe: str = "fork", digest: str = DIGEST) -> Results:
    return Results({probe: {Version(version): Run(seen, digest)}})


def merged(*results: Results) -> Results:
    """What is known after these runs, one after the other."""
    known = Results()
    for one in results:
        known = known.merge(one)
    return known


def lines(results: Results) -> list[str]:
    """``3.13.0 raises`` and, with the oldest version, ``3.13.5-3.13.7 works``."""
    return [
        f"{f'{span.first}-' if span.first else ''}{span.last} {span.observation.outcome}"
        for probe in sorted(results.runs)
        for spans in results.of(probe).values()
        for span in spans
    ]


# Reading --------------------------------------------------------------------------


def test_a_file_is_read_and_written_alike() -> None:
    results = parse(HEADER + ONE, "x.jsonl")
    assert lines(results) == ["3.13.0 raises", "3.13.5-3.13.7 works"]
    assert render(results) == HEADER + ONE


def test_the_order_of_the_lines_does_not_matter_and_the_next_writing_tidies() -> None:
    first, *others = ONE.splitlines(keepends=True)
    assert render(parse(HEADER + b"".join([*others, first]), "x")) == HEADER + ONE


def test_series_are_sorted_by_number() -> None:
    known = merged(*(result(f"3.{minor}.1", WORKS) for minor in (10, 9, 15, 8)))
    assert lines(parse(render(known), "x")) == [
        "3.8.1 works",
        "3.9.1 works",
        "3.10.1 works",
        "3.15.1 works",
    ]


def test_debug_builds_are_told_apart_from_releases() -> None:
    known = merged(
        result("3.13.5", WORKS),
        result("3.13.5+debug", WORKS, digest="f" * 16),
        result("3.14.2", WORKS),
        result("3.14.2+debug", CRASHES),
        result("3.15.0+debug", RAISES),
    )
    assert lines(parse(render(known), "x")) == ["3.13.5 works", "3.14.2 works"]
    debug_builds = {str(version): seen for version, seen in known.of_debug_builds("fork").items()}
    assert debug_builds == {"3.13.5+debug": None, "3.14.2+debug": CRASHES, "3.15.0+debug": RAISES}
    assert expected(known, "fork", Version("3.14.9+debug")) == (CRASHES,)
    assert expected(known, "fork", Version("3.14.9")) == (WORKS,)


def test_no_file_is_no_results(tmp_path: Path) -> None:
    assert read(tmp_path / "none.jsonl") == Results()


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read(tmp_path)


LINE = {
    "probe": "fork",
    "version": "3.13.5",
    "outcome": "works",
    "detail": "fine",
    "digest": DIGEST,
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"probe": "Fork"}, "probe"),
        ({"probe": "fork\n"}, "probe"),
        ({"version": "3.13"}, "version"),
        ({"version": "3.7.1"}, "version"),
        ({"version": 3.13}, "version"),
        ({"digest": "0123"}, "digest"),
        ({"digest": DIGEST.upper()}, "digest"),
        ({"version": "3.13.5\n"}, "version"),
        ({"outcome": "flies"}, "flies"),
        ({"detail": ""}, "field `detail`: the detail is empty"),
        ({"detail": "a\nb"}, "field `detail`: the detail must be one line"),
        ({"detail": "x" * 61}, "more than 60"),
        ({"detail": "x" * (LONGEST_DETAIL + 1), "outcome": "raises"}, "more than 300"),
        ({"more": 1}, "more"),
        ({"\x1b[2J\u202e": 1}, r"unknown field `\x1b[2J\u202e`"),
        ({"x" * 100_000: 1}, "unknown field `xxx"),
        ({"detail": None}, "detail"),
    ],
)
def test_a_wrong_line_is_named_with_its_field(change: dict[str, object], message: str) -> None:
    content = HEADER + msgspec.json.encode(LINE | change)
    with pytest.raises(FileError) as caught:
        parse(content, "x.jsonl")
    assert str(caught.value).startswith("x.jsonl:2: ")
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000


def test_a_detail_may_be_as_long_as_it_is_said() -> None:
    for outcome, longest in ((Outcome.WORKS, 60), (Outcome.RAISES, LONGEST_DETAIL)):
        assert Observation(outcome, "x" * longest).complaint() is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.jsonl:1: the first line must be the header"),
        (ONE, "x.jsonl:1: the first line must be the header"),
        (b'{"format":1}\n', "x.jsonl:1: format 1, but this reads format 2"),
        (HEADER + HEADER, "x.jsonl:2: "),
        (HEADER + b"nonsense\n", "x.jsonl:2: "),
        (HEADER + b"\xff\n", "x.jsonl:2: "),
        (HEADER + b"\n" + ONE, "x.jsonl:2: "),
        (HEADER + b"[" * 10_000, "x.jsonl:2: "),
        (HEADER + b"<<<<<<< HEAD\n" + ONE, "x.jsonl:2: a conflict that git left"),
        (b"<<<<<<< HEAD\n" + HEADER, "x.jsonl:1: the first line must be the header: a conflict"),
        (HEADER + ONE + ONE, "x.jsonl:5: a second line for fork on 3.13.0; delete one"),
    ],
)
def test_a_broken_file_is_refused_and_the_line_named(content: bytes, message: str) -> None:
    with pytest.raises(FileError) as caught:
        parse(content, "x.jsonl")
    assert str(caught.value).startswith("x.jsonl:")
    assert message in str(caught.value)


@given(st.binary() | st.lists(st.sampled_from([HEADER, *ONE.splitlines(True)])).map(b"".join))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for tried in (content, HEADER + content):
        try:
            results = parse(tried, "x.jsonl")
        except FileError:
            continue
        assert parse(render(results), "x.jsonl") == results


# Merging --------------------------------------------------------------------------


def test_the_same_version_replaces_its_result() -> None:
    known = merged(result("3.13.0", RAISES), result("3.13.0", WORKS))
    assert lines(known) == ["3.13.0 works"]


def test_versions_that_agree_are_one_span() -> None:
    known = merged(result("3.13.5", WORKS), result("3.13.0", WORKS))
    assert lines(known) == ["3.13.5 works"]
    assert len(known.runs["fork"]) == 2


@pytest.mark.parametrize("order", [("3.13.0", "3.13.5"), ("3.13.5", "3.13.0")])
def test_versions_that_differ_have_a_line_each_whichever_is_run_first(
    order: tuple[str, str],
) -> None:
    seen = {"3.13.0": RAISES, "3.13.5": WORKS}
    known = merged(*(result(version, seen[version]) for version in order))
    assert lines(known) == ["3.13.0 raises", "3.13.5-3.13.5 works"]


def test_a_version_between_two_lines_moves_the_limit() -> None:
    ends = (result("3.13.0", RAISES), result("3.13.5", WORKS))
    assert lines(merged(*ends, result("3.13.3", RAISES))) == [
        "3.13.3 raises",
        "3.13.5-3.13.5 works",
    ]
    assert lines(merged(*ends, result("3.13.3", WORKS))) == [
        "3.13.0 raises",
        "3.13.3-3.13.5 works",
    ]
    assert lines(merged(*ends, result("3.13.3", CRASHES))) == [
        "3.13.0 raises",
        "3.13.3-3.13.3 crashes",
        "3.13.5-3.13.5 works",
    ]


def test_a_run_that_contradicts_its_neighbors_divides_them() -> None:
    known = merged(
        result("3.13.0", RAISES),
        result("3.13.2", WORKS),
        result("3.13.6", WORKS),
        result("3.13.4", CRASHES),
    )
    assert lines(known) == [
        "3.13.0 raises",
        "3.13.2-3.13.2 works",
        "3.13.4-3.13.4 crashes",
        "3.13.6-3.13.6 works",
    ]


def test_runs_of_another_program_are_stale_until_they_are_replaced() -> None:
    old, new = "0" * 16, "1" * 16
    known = merged(result("3.13.10", WORKS, "fork", old), result("3.13.9", WORKS, "fork", old))
    assert list(map(str, known.stale("fork", new))) == ["3.13.9", "3.13.10"]
    known = known.merge(result("3.13.9", WORKS, "fork", new))
    assert list(map(str, known.stale("fork", new))) == ["3.13.10"]
    assert known.stale("fork", old) == [Version("3.13.9")]
    assert known.stale("other", new) == []


def test_other_probes_and_series_stay() -> None:
    known = merged(result("3.13.0", RAISES), result("3.12.1", WORKS), result("3.13.0", WORKS, "z"))
    assert lines(known) == ["3.12.1 works", "3.13.0 raises", "3.13.0 works"]


MICROS = st.integers(0, 12)
RUNS = st.lists(st.tuples(MICROS, st.sampled_from([WORKS, RAISES, CRASHES])), min_size=1)


@given(RUNS)
def test_whatever_is_run_the_file_holds_and_the_last_run_of_each_version_is_expected(
    runs: list[tuple[int, Observation]],
) -> None:
    known = merged(*(result(f"3.13.{micro}", seen) for micro, seen in runs))
    assert parse(render(known), "x") == known
    for micro, seen in dict(runs).items():
        assert expected(known, "fork", Version(f"3.13.{micro}")) == (seen,)


@given(RUNS)
def test_the_order_of_runs_on_different_versions_does_not_matter(
    runs: list[tuple[int, Observation]],
) -> None:
    last = [result(f"3.13.{micro}", seen) for micro, seen in dict(runs).items()]
    assert render(merged(*last)) == render(merged(*reversed(last)))


def test_what_is_expected_of_versions_that_were_not_run() -> None:
    known = parse(HEADER + ONE, "x")

    def of_fork(version: str) -> tuple[Observation, ...]:
        return expected(known, "fork", Version(version))

    assert of_fork("3.13.0a1") == (RAISES,)
    assert of_fork("3.13.0") == (RAISES,)
    assert of_fork("3.13.3") == (RAISES, WORKS)
    assert of_fork("3.13.5") == (WORKS,)
    assert of_fork("3.13.6") == (WORKS,)
    assert of_fork("3.13.9") == (WORKS,)
    assert of_fork("3.12.0") == ()
    assert expected(known, "other", Version("3.13.0")) == ()
    assert known.of("fork")[Series(3, 13)][1].first == Version("3.13.5")
    assert known.of("other") == {}


# Writing --------------------------------------------------------------------------


def test_an_update_that_changes_nothing_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(HEADER + ONE)
    before = path.stat()
    update(path, lambda results: results.merge(result("3.13.0", RAISES)))
    assert path.stat().st_ino == before.st_ino


def test_an_update_replaces_the_file_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "x.jsonl"
    update(path, lambda results: results.merge(result("3.13.0", RAISES)))
    assert path.read_bytes() == HEADER + ONE.splitlines(keepends=True)[0]
    assert {name.name for name in path.parent.iterdir()} <= {"x.jsonl", ".x.jsonl.lock"}


def test_an_update_that_fails_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(HEADER + ONE)

    def fail(_: Results) -> Results:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        update(path, fail)
    assert path.read_bytes() == HEADER + ONE


def test_updates_at_the_same_time_all_count(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    program = Path(__file__).with_name("add_results.py")
    writers = [
        subprocess.Popen([sys.executable, str(program), str(path), name]) for name in ("a", "b")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(read(path).runs) == 20
