"""The benchmark of interpreters runs on every series found here. What it measures is not tested."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from pythons import PYTHONS
from sphinx_snapshots.behavior.interpreters import Interpreter

PROGRAM = """
import sys

sys.path.insert(0, sys.argv[1])
import interpreter_cost

interpreter_cost.INTERPRETERS, interpreter_cost.LOOP = 2, "sum(())"
interpreter_cost.main(["--rounds", "1"])
"""
LINE = r"{}: create and close \d+ ms, memory -?\d+\.\d MiB, two against one \d+\.\d\d\n"


@pytest.mark.parametrize(
    "interpreter", [pytest.param(python, id=str(python.series)) for python in PYTHONS]
)
def test_it_prints_a_line_for_each_kind(interpreter: Interpreter) -> None:
    folder = Path(__file__).parents[2] / "benchmarks"
    done = subprocess.run(
        [interpreter.path, "-I", "-c", PROGRAM, folder],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kinds = ["legacy"] if interpreter.series < (3, 9) else ["legacy", "isolated"]
    lines = "".join(LINE.format(kind) for kind in kinds)
    assert re.fullmatch(rf"Python {interpreter.version} on \d+ cores\n{lines}", done.stdout)
