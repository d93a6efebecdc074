"""The benchmark of pools runs where there is a pool of interpreters. Its numbers are not tested."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from pythons import PYTHONS
from sphinx_snapshots.behavior.interpreters import Interpreter

LINE = re.compile(r"(interpreters|processes): [\w, ]+ \d+ us")


@pytest.mark.parametrize(
    "interpreter",
    [pytest.param(python, id=str(python.series)) for python in PYTHONS if python.series >= (3, 14)],
)
def test_it_prints_a_line_for_each_pool_and_argument(interpreter: Interpreter) -> None:
    program = Path(__file__).parents[2] / "benchmarks" / "pool_transfer.py"
    done = subprocess.run(
        [interpreter.path, program, "--tasks", "1"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, *lines = done.stdout.splitlines()
    assert first.startswith(f"Python {interpreter.version} on ")
    assert len(lines) == 12
    assert [line for line in lines if not LINE.fullmatch(line)] == []
