"""The program that tries libraries in subinterpreters, on a module made here."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import pytest
from missing_tools import go_without
from pythons import PYTHONS
from sphinx_snapshots.behavior.compile import MissingToolError, compile_modules

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "try_libraries.py"))
SUPPORT = ROOT / "probes" / "support"


@pytest.mark.slow
def test_a_single_phase_module_loads_where_nothing_checks_it(tmp_path: Path) -> None:
    if PYTHONS[-1].series < (3, 13):
        go_without("there is no CPython 3.13 or newer here")
    python = PYTHONS[-1]
    source = ROOT / "probes" / "import-in-subinterpreter" / "single-phase.c"
    try:
        compile_modules(source, python, tmp_path, [SUPPORT])
        seen = TOOL["try_library"]("single", tmp_path, python)
    except MissingToolError as error:
        go_without(str(error))
    assert seen == {
        "legacy, sub first": "loads",
        "legacy, main first": "loads",
        "checked, shared GIL, sub first": "refused",
        "checked, shared GIL, main first": "refused",
        "own GIL, sub first": "refused",
        "own GIL, main first": "refused",
        "after re-initialization": "loads",
    }


@pytest.mark.parametrize(
    ("outcomes", "cell"),
    [
        ([{"3.12": "loads", "3.13": "loads"}], "loads"),
        ([{"3.12": "SIGABRT", "3.13": "loads"}], "3.12: ``SIGABRT``; 3.13: loads"),
        ([{"3.13": "refused"}, {"3.13": "refused"}], "refused"),
        (
            [{"3.13": "loads"}, {"3.13": "ImportError: once"}],
            "loads; if main has it: ``ImportError: once``",
        ),
    ],
)
def test_a_cell_tells_series_and_order_only_where_they_differ(
    outcomes: list[dict[str, str]], cell: str
) -> None:
    assert TOOL["cell"](outcomes) == cell


def test_every_library_of_the_program_has_its_row() -> None:
    with TOOL["TABLE"].open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["Library", *TOOL["COLUMNS"]]
    assert [row[0].split()[0] for row in rows] == [library.name for library in TOOL["LIBRARIES"]]
    assert len(rows) > 20
