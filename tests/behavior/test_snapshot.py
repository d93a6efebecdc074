"""The file of results: what is read, what is refused, how runs are merged, how it is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sphinx_snapshots.behavior.model import (
    LONGEST_DETAIL,
    Observation,
    Outcome,
    Result,
    Series,
    Version,
)
from sphinx_snapshots.behavior.store import (
    Results,
    StoreError,
    parse,
    read,
    read_all,
    render,
    update,
)

HEADER = b'{"format":1}\n'
ONE = (
    b'{"probe":"fork","series":"3.13","version":"3.13.0","outcome":"raises","detail":"E: no"}\n'
    b'{"probe":"fork","series":"3.13","version":"3.13.7","outcome":"works","detail":"0",'
    b'"from":"3.13.5"}\n'
)
WORKS = Observation(Outcome.WORKS, "0")
RAISES = Observation(Outcome.RAISES, "E: no")
CRASHES = Observation(Outcome.CRASHES, "SIGSEGV")


def result(version: str, seen: Observation, probe: str = "fork") -> Result:
    return Result(probe, Version.from_text(version), *seen)


def merged(*results: Result) -> Results:
    """What is known after these runs, one after the other."""
    known = Results()
    for one in results:
        known = known.merge([one])
    return known


def lines(results: Results) -> list[str]:
    """``3.13.0 raises`` and, with the oldest version, ``3.13.5-3.13.7 works``."""
    return [
        f"{f'{span.first}-' if span.first else ''}{span.last} {span.observation.outcome}"
        for row in results.spans.values()
        for spans in row.values()
        for span in spans
    ]


# Reading --------------------------------------------------------------------------


def test_a_file_is_read_and_written_alike() -> None:
    results = parse(HEADER + ONE, "x.jsonl")
    assert lines(results) == ["3.13.0 raises", "3.13.5-3.13.7 works"]
    assert render(results) == HEADER + ONE


def test_the_order_of_the_lines_does_not_matter_and_the_next_writing_tidies() -> None:
    first, second = ONE.splitlines(keepends=True)
    assert render(parse(HEADER + second + first, "x")) == HEADER + ONE


def test_series_are_sorted_by_number() -> None:
    known = merged(*(result(f"3.{minor}.1", WORKS) for minor in (10, 9, 15, 8)))
    assert lines(parse(render(known), "x")) == [
        "3.8.1 works",
        "3.9.1 works",
        "3.10.1 works",
        "3.15.1 works",
    ]


def test_files_are_taken_together_whichever_comes_first(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    older, newer = result("3.13.0", RAISES), result("3.13.7", WORKS)
    first.write_bytes(render(merged(older, result("3.12.1", WORKS))))
    second.write_bytes(render(merged(newer, result("3.12.10", WORKS))))
    both = read_all([first, second])
    assert lines(both) == ["3.12.10 works", "3.13.0 raises", "3.13.7-3.13.7 works"]
    assert render(read_all([second, first])) == render(both)


def test_each_run_that_is_known_makes_the_same_results_again() -> None:
    results = parse(HEADER + ONE, "x.jsonl")
    assert [str(run.version) for run in results.each()] == ["3.13.0", "3.13.5", "3.13.7"]
    assert merged(*results.each()) == results


def test_no_file_is_no_results(tmp_path: Path) -> None:
    assert read(tmp_path / "none.jsonl") == Results()


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        read(tmp_path)


LINE = {
    "probe": "fork",
    "series": "3.13",
    "version": "3.13.5",
    "outcome": "works",
    "detail": "fine",
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"probe": "Fork"}, "probe"),
        ({"probe": "fork\n"}, "probe"),
        ({"series": "3.7"}, "series"),
        ({"series": 3.13}, "series"),
        ({"version": "3.13"}, "version"),
        ({"version": "3.13.5\n"}, "version"),
        ({"version": "3.12.5"}, "field `version`: 3.12.5 is not of the series 3.13"),
        ({"outcome": "flies"}, "flies"),
        ({"detail": ""}, "field `detail`: the detail is empty"),
        ({"detail": "a\nb"}, "field `detail`: the detail must be one line"),
        ({"detail": "x" * 61}, "more than 60"),
        ({"detail": "x" * (LONGEST_DETAIL + 1), "outcome": "raises"}, "more than 300"),
        ({"from": "3.13.6"}, "field `from`: 3.13.6 is not a version of 3.13 up to 3.13.5"),
        ({"from": "3.12.1"}, "field `from`"),
        ({"from": "3.13.1"}, "the first line of a series must not have `from`"),
        ({"more": 1}, "more"),
        ({"\x1b[2J\u202e": 1}, r"unknown field `\x1b[2J\u202e`"),
        ({"x" * 100_000: 1}, "unknown field `xxx"),
        ({"detail": None}, "detail"),
    ],
)
def test_a_wrong_line_is_named_with_its_field(change: dict[str, object], message: str) -> None:
    content = HEADER + msgspec.json.encode(LINE | change)
    with pytest.raises(StoreError) as caught:
        parse(content, "x.jsonl")
    assert str(caught.value).startswith("x.jsonl:2: ")
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.jsonl:1: the first line must be the header"),
        (ONE, "x.jsonl:1: the first line must be the header"),
        (b'{"format":2}\n', "x.jsonl:1: format 2, but this reads format 1"),
        (HEADER + HEADER, "x.jsonl:2: "),
        (HEADER + b"nonsense\n", "x.jsonl:2: "),
        (HEADER + b"\xff\n", "x.jsonl:2: "),
        (HEADER + b"\n" + ONE, "x.jsonl:2: "),
        (HEADER + b"[" * 10_000, "x.jsonl:2: "),
        (HEADER + b"<<<<<<< HEAD\n" + ONE, "x.jsonl:2: a conflict that git left"),
        (HEADER + ONE + ONE, "a second line for the same versions"),
        (HEADER + ONE.replace(b"3.13.0", b"3.13.6"), "a second line for the same versions"),
        (HEADER + ONE.replace(b"raises", b"works").replace(b"E: no", b"0"), "the same as the"),
    ],
)
def test_a_broken_file_is_refused_and_the_line_named(content: bytes, message: str) -> None:
    with pytest.raises(StoreError) as caught:
        parse(content, "x.jsonl")
    assert str(caught.value).startswith("x.jsonl:")
    assert message in str(caught.value)


@given(st.binary() | st.lists(st.sampled_from([HEADER, *ONE.splitlines(True)])).map(b"".join))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for tried in (content, HEADER + content):
        try:
            results = parse(tried, "x.jsonl")
        except StoreError:
            continue
        assert parse(render(results), "x.jsonl") == results


# Merging --------------------------------------------------------------------------


def test_the_same_version_replaces_its_result() -> None:
    known = merged(result("3.13.0", RAISES), result("3.13.0", WORKS))
    assert lines(known) == ["3.13.0 works"]


def test_a_newer_version_that_agrees_becomes_the_version_of_the_line() -> None:
    assert lines(merged(result("3.13.0", WORKS), result("3.13.5", WORKS))) == ["3.13.5 works"]


def test_an_older_version_that_agrees_changes_nothing() -> None:
    assert lines(merged(result("3.13.5", WORKS), result("3.13.0", WORKS))) == ["3.13.5 works"]


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


def test_a_run_that_contradicts_a_line_leaves_the_ends_that_were_run() -> None:
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


def test_lines_that_come_to_agree_become_one() -> None:
    known = merged(result("3.13.0", RAISES), result("3.13.5", WORKS), result("3.13.0", WORKS))
    assert lines(known) == ["3.13.5 works"]


def test_other_probes_and_series_stay() -> None:
    known = merged(result("3.13.0", RAISES), result("3.12.1", WORKS), result("3.13.0", WORKS, "z"))
    assert lines(known) == ["3.13.0 raises", "3.12.1 works", "3.13.0 works"]
    assert lines(known.only({"z"})) == lines(known.without({"fork"})) == ["3.13.0 works"]


MICROS = st.integers(0, 12)
RUNS = st.lists(st.tuples(MICROS, st.sampled_from([WORKS, RAISES, CRASHES])), min_size=1)


@given(RUNS)
def test_whatever_is_run_the_file_holds_and_the_last_runs_are_expected(
    runs: list[tuple[int, Observation]],
) -> None:
    known = merged(*(result(f"3.13.{micro}", seen) for micro, seen in runs))
    assert parse(render(known), "x") == known
    last = dict(runs)[runs[-1][0]]
    assert known.expected("fork", Version(3, 13, runs[-1][0])) == (last,)


@given(st.dictionaries(MICROS, st.sampled_from([WORKS, RAISES]), min_size=1), st.randoms())
def test_the_order_of_runs_on_different_versions_does_not_matter_to_what_is_expected(
    seen: dict[int, Observation], random: object
) -> None:
    def known_of(micros: list[int]) -> Results:
        return merged(*(result(f"3.13.{micro}", seen[micro]) for micro in micros))

    known = known_of(sorted(seen))
    for micro, observation in seen.items():
        assert known.expected("fork", Version(3, 13, micro)) == (observation,)
    again = known_of(sorted(seen, reverse=True))
    assume(again != known)
    for micro, observation in seen.items():
        assert observation in again.expected("fork", Version(3, 13, micro))


def test_what_is_expected_of_versions_that_were_not_run() -> None:
    known = parse(HEADER + ONE, "x")

    def expected(version: str) -> tuple[Observation, ...]:
        return known.expected("fork", Version.from_text(version))

    assert expected("3.13.0a1") == (RAISES,)
    assert expected("3.13.0") == (RAISES,)
    assert expected("3.13.3") == (RAISES, WORKS)
    assert expected("3.13.5") == (WORKS,)
    assert expected("3.13.6") == (WORKS,)
    assert expected("3.13.9") == (WORKS,)
    assert expected("3.12.0") == ()
    assert known.expected("other", Version.from_text("3.13.0")) == ()
    assert known.of("fork")[Series(3, 13)][1].first == Version.from_text("3.13.5")
    assert known.of("other") == {}


# Writing --------------------------------------------------------------------------


def test_an_update_that_changes_nothing_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(HEADER + ONE)
    before = path.stat()
    old, new = update(path, lambda results: results.merge([result("3.13.0", RAISES)]))
    assert old == new
    assert path.stat().st_ino == before.st_ino


def test_an_update_replaces_the_file_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "x.jsonl"
    update(path, lambda results: results.merge([result("3.13.0", RAISES)]))
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
    code = """
import sys
from pathlib import Path
from sphinx_snapshots.behavior.model import Outcome, Result, Version
from sphinx_snapshots.behavior.store import update
for number in range(10):
    name = f"{sys.argv[2]}-{number}"
    update(Path(sys.argv[1]), lambda known: known.merge(
        [Result(name, Version.from_text("3.13.0"), Outcome.WORKS, "x")]))
"""
    folder = Path(__file__).parents[2] / "_ext"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path), name], env={"PYTHONPATH": str(folder)}
        )
        for name in ("a", "b")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(read(path).spans) == 20
