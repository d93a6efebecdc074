"""Count what debug builds leave at exit: ``count_references.py [PYTHON ...]``.

Each program is run with ``-X showrefcount`` on each debug build, by default on those that
BEHAVIOR_PYTHONS lists, and the references and memory blocks that Python has left after finalization
are written to ``finalization/left-at-exit.csv``, which a page shows: ``0`` or ``3 refs, 2 blocks``.
At the end stand the modules of the standard library that leave something when they are imported
alone, and how many leave nothing. Exit status: 0 done, 2 there is no debug build.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx_snapshots.behavior import interpreters
from sphinx_snapshots.kit.files import replace_file

if TYPE_CHECKING:
    from sphinx_snapshots.behavior.interpreters import Interpreter

ROOT: Final = Path(__file__).parents[1]
TABLE: Final = ROOT / "finalization" / "left-at-exit.csv"
SECONDS: Final = 60
LEFT: Final = re.compile(r"\[(\d+) refs, (\d+) blocks\]\s*\Z")
# They open a window or a browser, or print.
NOT_IMPORTED: Final = frozenset({"antigravity", "idlelib", "this", "turtle", "turtledemo"})

IMPORTS: Final = (
    "json, threading",
    "asyncio",
    "ctypes",
    "decimal",
    "datetime",
    "sqlite3",
    "ssl",
    "xml.etree.ElementTree",
    "concurrent.futures, logging, multiprocessing",
)
IN_THREE: Final = """
import _interpreters
for _ in range(3):
    one = _interpreters.create({kind!r})
    assert _interpreters.run_string(one, {program!r}) is None
    _interpreters.destroy(one)
"""
SOME: Final = "import json, asyncio, decimal, datetime"
ISOLATED: Final = ":term:`isolated interpreters <isolated interpreter>`"
LEGACY: Final = ":term:`legacy interpreters <legacy interpreter>`"
#: What a row says, in reStructuredText, and its program.
PROGRAMS: Final = {
    "``pass``": "pass",
    **{f"``import {names}``": f"import {names}" for names in IMPORTS},
    f"three {ISOLATED}, ``pass`` in each": IN_THREE.format(kind="isolated", program="pass"),
    f"three {ISOLATED}, ``{SOME}`` in each": IN_THREE.format(kind="isolated", program=SOME),
    f"three {LEGACY}, ``{SOME}`` in each": IN_THREE.format(kind="legacy", program=SOME),
    "an isolated interpreter that is not closed": (
        "import _interpreters; _interpreters.create('isolated', reqrefs=False)"
    ),
    "a :term:`daemon thread` that sleeps": (
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=[9], daemon=True).start()\n"
        "time.sleep(0.1)"
    ),
    "a list that C code holds one reference too many to": (
        "import ctypes; ctypes.pythonapi.Py_IncRef(ctypes.py_object([]))"
    ),
}


def left(interpreter: Interpreter, program: str) -> str | None:
    """What a program leaves, in words; None if it fails."""
    done = subprocess.run(
        [interpreter.path, "-I", "-W", "ignore", "-X", "showrefcount", "-c", program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    counted = LEFT.search(done.stderr)
    if done.returncode != 0 or counted is None:
        return None
    references, blocks = counted.groups()
    return "0" if references == blocks == "0" else f"{references} refs, {blocks} blocks"


def standard_library(interpreter: Interpreter) -> list[str]:
    """Modules that may be imported for a try."""
    code = "import sys; print(*sorted(sys.stdlib_module_names))"
    names = subprocess.check_output([interpreter.path, "-I", "-c", code], text=True)
    return [name for name in names.split() if name not in NOT_IMPORTED]


def count(interpreter: Interpreter) -> dict[str, str]:
    """What is left on one interpreter: rows of the table."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:

        def left_by_all(programs: list[str]) -> list[str | None]:
            return list(pool.map(lambda program: left(interpreter, program), programs))

        rows = dict(zip(PROGRAMS, left_by_all(list(PROGRAMS.values())), strict=True))
        names = standard_library(interpreter)
        alone = dict(zip(names, left_by_all([f"import {name}" for name in names]), strict=True))
    leaving = {
        f"``import {name}``": said for name, said in alone.items() if said not in {None, "0"}
    }
    nothing = sum(said == "0" for said in alone.values())
    total = {"modules of the standard library that leave nothing": str(nothing)}
    return {name: said or "fails" for name, said in (rows | leaving | total).items()}


def main() -> int:
    """Count, and write the table; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    named = [interpreters.ask(program) for program in parser.parse_args().pythons]
    builds = [each for each in named or interpreters.find() if each.exact.is_debug]
    if not builds:
        print("there is no debug build; list some in BEHAVIOR_PYTHONS", file=sys.stderr)
        return 2
    counts = {build.exact.public: count(build) for build in builds}
    names = dict.fromkeys(name for rows in counts.values() for name in rows)
    *others, total = sorted(names, key=lambda name: name.startswith("modules"))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["What was run", *counts])
    for name in [*others, total]:
        table.writerow([name, *(rows.get(name, "0") for rows in counts.values())])
    replace_file(TABLE, text.getvalue().encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
