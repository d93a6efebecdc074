"""The committed results are what the probes show: each is run again on each interpreter here.

An interpreter of a series that the file does not speak of is passed over. One of another micro
version must show the same, unless the file says that the two differ.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from missing_tools import go_without
from pythons import PYTHONS
from sphinx_snapshots.behavior import catalog, store
from sphinx_snapshots.behavior.compile import MissingToolError
from sphinx_snapshots.behavior.interpreters import Interpreter
from sphinx_snapshots.behavior.model import Observation, Outcome, Probe, Version
from sphinx_snapshots.behavior.run import observe, prepare

ROOT = Path(__file__).parents[2]
PROBES = catalog.read(ROOT / "probes")
FILE = ROOT / "_data" / "behavior.jsonl"
#: What later maintenance releases of some series showed.
LATER = ROOT / "_data" / "behavior-later.jsonl"
RESULTS = store.read_all([FILE, LATER])
SERIES = {series for row in RESULTS.spans.values() for series in row}
HERE = [python for python in PYTHONS if python.series in SERIES]

#: On how many series a result must have been run again before it counts as reproduced.
ENOUGH = 7


class Turn(NamedTuple):
    """A maintenance release that a page names, since it shows something else than those before.

    :param text: the version, as the page writes it.
    :param probe: the probe that the page cites for it.
    """

    page: str
    text: str
    probe: str

    @property
    def version(self) -> Version:
        """The version of the text."""
        return Version.from_text(self.text)


TURNS = [
    Turn("finalization/sequence", "3.12.3", "thread-in-atexit"),
    Turn("finalization/sequence", "3.12.3", "fork-in-atexit"),
    Turn("finalization/sequence", "3.12.3", "thread-from-atexit-is-joined"),
    Turn("finalization/sequence", "3.14.1", "end-interpreter-daemon-thread"),
    Turn("finalization/sequence", "3.14.1", "end-interpreter-extra-state"),
    Turn("finalization/sequence", "3.14.1", "daemon-thread-left-in-legacy"),
    Turn("finalization/daemon-threads", "3.13.8", "late-daemon-thread"),
    Turn("finalization/daemon-threads", "3.13.8", "ensure-at-the-flag"),
    Turn("finalization/index", "3.13.8", "late-daemon-thread"),
    Turn("subinterpreters/per-interpreter-gil", "3.12.8", "interned-strings"),
    Turn("subinterpreters/per-interpreter-gil", "3.13.1", "interned-strings"),
]


def observed(probe: Probe, interpreter: Interpreter) -> Observation:
    """What the probe shows now."""
    reason = probe.reason_not_to_run(interpreter.series)
    if reason is not None:
        return Observation(Outcome.ABSENT, reason)
    try:
        with prepare(probe, interpreter) as program:
            return observe(program)
    except MissingToolError as error:
        go_without(str(error))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("probe", "interpreter"),
    [
        pytest.param(probe, interpreter, id=f"{probe.id}-{interpreter.series}")
        for probe in PROBES.values()
        for interpreter in HERE
    ],
)
def test_a_probe_shows_what_is_committed(probe: Probe, interpreter: Interpreter) -> None:
    expected = RESULTS.expected(probe.id, interpreter.exact)
    seen = observed(probe, interpreter)
    assert seen in expected, f"{interpreter.version} shows {seen}; if that is right: make probe"


@pytest.mark.parametrize("file", [FILE, LATER], ids=lambda file: file.stem)
def test_every_probe_has_a_result_for_every_series_and_every_result_a_probe(file: Path) -> None:
    results = store.read(file).spans
    series = SERIES if file == FILE else set(next(iter(results.values())))
    assert {probe: set(row) for probe, row in results.items()} == dict.fromkeys(PROBES, series)


@pytest.mark.parametrize("file", [FILE, LATER], ids=lambda file: file.stem)
def test_the_file_is_as_the_command_writes_it(file: Path) -> None:
    assert file.read_bytes() == store.render(store.read(file))


def test_later_releases_are_later_than_those_in_the_first_file() -> None:
    first = store.read(FILE)
    for result in store.read(LATER).each():
        assert result.version > first.of(result.probe)[result.series][-1].last


def test_enough_series_are_compared() -> None:
    compared = ", ".join(python.version for python in HERE)
    if len({python.series for python in HERE}) < ENOUGH:
        go_without(f"the probes are compared on {compared} only, not on {ENOUGH} series")


def runs_of(probe: str) -> list[Version]:
    """The oldest and the newest version of each stretch that showed the same."""
    spans = [span for row in RESULTS.of(probe).values() for span in row]
    return sorted({span.last for span in spans} | {span.first for span in spans if span.first})


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: f"{turn.page}-{turn.text}-{turn.probe}")
def test_results_differ_before_and_after_a_version_that_a_page_names(turn: Turn) -> None:
    text = (ROOT / f"{turn.page}.rst").read_text(encoding="utf-8")
    assert re.search(rf"(?<![\d.]){re.escape(turn.text)}(?![\d.])", text)
    assert f":probe:`{turn.probe}`" in text
    runs = runs_of(turn.probe)
    before = max(version for version in runs if version < turn.version)
    after = min(version for version in runs if version >= turn.version)
    assert RESULTS.expected(turn.probe, before) != RESULTS.expected(turn.probe, after)


def test_a_page_names_each_maintenance_release_that_brought_another_result() -> None:
    unnamed = [
        f"{probe}: between {earlier.last} and {later.first}"
        for probe, row in RESULTS.spans.items()
        for spans in row.values()
        for earlier, later in pairwise(spans)
        if later.first is not None
        and not any(
            turn.probe == probe and earlier.last < turn.version <= later.first for turn in TURNS
        )
    ]
    assert unnamed == []
