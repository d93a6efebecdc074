"""The committed results are what the probes show: each is run again on each interpreter here.

An interpreter of a series that the file does not speak of is passed over. One of another micro
version must show the same, unless the file says that the two differ.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from behaviour import catalogue, interpreters, store
from behaviour.compile import MissingToolError
from behaviour.interpreters import Interpreter
from behaviour.model import Observation, Outcome, Probe
from behaviour.run import observe, prepare
from missing_tools import go_without

ROOT = Path(__file__).parent.parent
PROBES = catalogue.read(ROOT / "probes")
FILE = ROOT / "_data" / "behaviour.jsonl"
RESULTS = store.read(FILE)
SERIES = {series for row in RESULTS.spans.values() for series in row}


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
        for interpreter in interpreters.find()
        if interpreter.series in SERIES
    ],
)
def test_a_probe_shows_what_is_committed(probe: Probe, interpreter: Interpreter) -> None:
    expected = RESULTS.expected(probe.id, interpreter.exact)
    seen = observed(probe, interpreter)
    assert seen in expected, f"{interpreter.version} shows {seen}; if that is right: make probe"


def test_every_probe_has_a_result_for_every_series_and_every_result_a_probe() -> None:
    assert {probe: set(row) for probe, row in RESULTS.spans.items()} == dict.fromkeys(
        PROBES, SERIES
    )


def test_the_file_is_as_the_command_writes_it() -> None:
    assert FILE.read_bytes() == store.render(RESULTS)
