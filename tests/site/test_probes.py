"""The committed results are what the probes show.

With the variable ``BEHAVIOR_RUN_ALL``, each probe is run again on each interpreter here. Otherwise
those are whose program and interpreter are not the ones of a committed line, and all on one series,
another one each day. An interpreter of a series that the file does not speak of is passed over. One
of another micro version must show the same, unless the file says that the two differ. Debug builds
are run only if they are listed, as `behavior` wants them.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from expected_results import expected
from missing_tools import go_without
from pythons import DEBUG_BUILDS, PYTHONS, RUN_ALL, TURN
from sphinx_snapshots.behavior import catalog, snapshot
from sphinx_snapshots.behavior.compile import MissingToolError
from sphinx_snapshots.behavior.interpreters import Interpreter
from sphinx_snapshots.behavior.model import Observation, Outcome, Probe, Version
from sphinx_snapshots.behavior.run import ProbeError, run_probe

ROOT = Path(__file__).parents[2]
PROBES = catalog.read(ROOT / "probes")
FILE = ROOT / "_data" / "behavior.jsonl"
RESULTS = snapshot.read(FILE)
LEFT_AT_EXIT = ROOT / "finalization" / "left-at-exit.csv"
SERIES = {version.series for row in RESULTS.runs.values() for version in row}
HERE = [python for python in (*PYTHONS, *DEBUG_BUILDS) if python.series in SERIES]

#: A subject with more probes than this takes half a minute and more.
MANY = 100
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
        return Version(self.text)


TURNS = [
    Turn("finalization/sequence", "3.12.3", "thread-in-atexit"),
    Turn("finalization/sequence", "3.12.3", "fork-in-atexit"),
    Turn("finalization/internals", "3.12.3", "thread-from-atexit-is-joined"),
    Turn("finalization/subinterpreters", "3.14.1", "end-interpreter-daemon-thread"),
    Turn("finalization/subinterpreters", "3.14.1", "end-interpreter-extra-state"),
    Turn("finalization/subinterpreters", "3.14.1", "daemon-thread-left-in-legacy"),
    Turn("finalization/daemon-threads", "3.13.8", "late-daemon-thread"),
    Turn("finalization/daemon-threads", "3.13.8", "ensure-at-the-flag"),
    Turn("finalization/daemon-threads", "3.12.10", "input-in-daemon-thread"),
    Turn("finalization/daemon-threads", "3.13.18", "input-in-daemon-thread"),
    Turn("finalization/messages-at-exit", "3.13.18", "subprocess-of-closed-loop"),
    Turn("finalization/index", "3.13.8", "late-daemon-thread"),
    Turn("finalization/exit-callbacks", "3.12.3", "thread-in-thread-after-main-thread"),
    Turn("finalization/exit-callbacks", "3.12.3", "fork-after-main-thread"),
    Turn("finalization/exit-callbacks", "3.12.3", "to-thread-with-early-import"),
    Turn("subinterpreters/life", "3.12.10", "memory-of-legacy"),
    Turn("subinterpreters/life", "3.13.18", "memory-of-legacy"),
    Turn("subinterpreters/shared-objects", "3.12.8", "interned-strings"),
    Turn("subinterpreters/shared-objects", "3.12.10", "immortal-names"),
    Turn("subinterpreters/shared-objects", "3.13.1", "interned-strings"),
]


def is_to_run(probe: Probe, interpreter: Interpreter) -> bool:
    """Whether the committed line, if there is one, does not do today."""
    run = RESULTS.runs.get(probe.id, {}).get(interpreter.exact)
    is_known = run is not None and run.digest == probe.digest
    return RUN_ALL or interpreter.series == TURN or not is_known


TO_RUN = {
    (interpreter, subject): probes
    for subject in sorted({probe.subject for probe in PROBES.values()})
    for interpreter in HERE
    if (
        probes := [
            probe
            for probe in PROBES.values()
            if probe.subject == subject and is_to_run(probe, interpreter)
        ]
    )
}


def is_to_hang(probe: Probe, interpreter: Interpreter) -> bool:
    """Whether the committed result is that the probe hangs."""
    return any(
        seen.outcome is Outcome.HANGS for seen in expected(RESULTS, probe.id, interpreter.exact)
    )


def observed(probe: Probe, interpreter: Interpreter) -> Observation | str:
    """What the probe shows now, or why it shows nothing."""
    try:
        return run_probe(probe, interpreter)
    except MissingToolError as error:
        go_without(str(error))
    except ProbeError as error:
        return str(error)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("interpreter", "probes"),
    [
        pytest.param(
            interpreter,
            probes,
            id=f"{subject}-{interpreter.version}",
            marks=pytest.mark.starts_first if len(probes) > MANY else (),
        )
        for (interpreter, subject), probes in TO_RUN.items()
    ],
)
def test_probes_show_what_is_committed(interpreter: Interpreter, probes: list[Probe]) -> None:
    # Those that hang only wait until their time is up: beside the others, which run one by one.
    hanging = [probe for probe in probes if is_to_hang(probe, interpreter)]
    others = [probe for probe in probes if probe not in hanging]
    with ThreadPoolExecutor(max(len(hanging), 1)) as pool:
        waiting = [pool.submit(observed, probe, interpreter) for probe in hanging]
        shown = [observed(probe, interpreter) for probe in others]
        shown += [future.result() for future in waiting]
    differ = [
        probe
        for probe, seen in zip([*others, *hanging], shown, strict=True)
        if seen not in expected(RESULTS, probe.id, interpreter.exact)
    ]
    # Once more: where much else runs, a thread may have come to nothing in the time that it has.
    wrong = [
        f"{probe.id} on {interpreter.version}: {seen}"
        for probe in differ
        if (seen := observed(probe, interpreter))
        not in expected(RESULTS, probe.id, interpreter.exact)
    ]
    assert wrong == [], "if that is right: make probe"


def test_every_result_is_of_the_program_that_the_probe_is_now() -> None:
    stale = {name: RESULTS.stale(name, probe.digest) for name, probe in PROBES.items()}
    assert {name: versions for name, versions in stale.items() if versions} == {}


def test_every_probe_has_a_result_for_every_version_and_every_result_a_probe() -> None:
    versions = {version for row in RESULTS.runs.values() for version in row}
    assert {probe: set(row) for probe, row in RESULTS.runs.items()} == dict.fromkeys(
        PROBES, versions
    )


def test_the_file_is_as_the_command_writes_it() -> None:
    assert FILE.read_bytes() == snapshot.render(RESULTS)


def test_what_debug_builds_leave_was_counted_on_those_that_the_probes_were_run_on() -> None:
    heads = LEFT_AT_EXIT.read_text(encoding="utf-8").splitlines()[0].split(",")
    versions = {version for row in RESULTS.runs.values() for version in row if version.is_debug}
    assert heads[1:] == [version.public for version in sorted(versions)]


def test_enough_series_are_compared() -> None:
    compared = ", ".join(python.version for python in HERE)
    if RUN_ALL and len({python.series for python in HERE}) < ENOUGH:
        go_without(f"the probes are compared on {compared} only, not on {ENOUGH} series")


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: f"{turn.page}-{turn.text}-{turn.probe}")
def test_results_differ_before_and_after_a_version_that_a_page_names(turn: Turn) -> None:
    text = (ROOT / f"{turn.page}.rst").read_text(encoding="utf-8")
    assert re.search(rf"(?<![\d.]){re.escape(turn.text)}(?![\d.])", text)
    assert f":probe:`{turn.probe}`" in text
    runs = RESULTS.runs[turn.probe]
    releases = [version for version in runs if not version.is_debug]
    before = max(version for version in releases if version < turn.version)
    after = min(version for version in releases if version >= turn.version)
    assert expected(RESULTS, turn.probe, before) != expected(RESULTS, turn.probe, after)


def test_a_page_names_each_maintenance_release_that_brought_another_result() -> None:
    unnamed = [
        f"{probe}: between {earlier.last} and {later.first}"
        for probe in RESULTS.runs
        for spans in RESULTS.of(probe).values()
        for earlier, later in pairwise(spans)
        if later.first is not None
        and not any(
            turn.probe == probe and earlier.last < turn.version <= later.first for turn in TURNS
        )
    ]
    assert unnamed == []
