"""See which libraries can be imported in subinterpreters: ``try_libraries.py [NAME ...]``.

The newest wheel of each library is installed for each CPython found here from 3.12 on, in a folder
that goes again, and imported in seven ways, each in a process of its own. What happens is written
to ``subinterpreters/libraries.csv``; rows of libraries that are not named stay. The page that shows
it names the interpreters and the date: change them there.
Needs the package index. Exit status: 0 done, 1 if a library could not be tried.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from sphinx_snapshots.behavior import interpreters
from sphinx_snapshots.behavior.compile import compile_program
from sphinx_snapshots.behavior.interpreters import Interpreter
from sphinx_snapshots.kit.files import replace_file

ROOT: Final = Path(__file__).parents[1]
TABLE: Final = ROOT / "subinterpreters" / "libraries.csv"
SUPPORT: Final = ROOT / "probes" / "support"
AGAIN: Final = Path(__file__).with_name("import_again.c")
SECONDS: Final = 120


class Library(NamedTuple):
    """A library on the package index.

    :param module: its extension module, or a package that imports it.
    :param built_with: the tool that its extension modules are made with.
    """

    name: str
    module: str
    built_with: str


LIBRARIES: Final = [
    Library("numpy", "numpy", "C"),
    Library("pandas", "pandas", "Cython"),
    Library("scipy", "scipy.linalg", "C, Cython, f2py"),
    Library("pyarrow", "pyarrow", "Cython"),
    Library("scikit-learn", "sklearn.tree", "Cython"),
    Library("matplotlib", "matplotlib.ft2font", "pybind11"),
    Library("contourpy", "contourpy", "pybind11"),
    Library("lxml", "lxml.etree", "Cython"),
    Library("pyyaml", "yaml._yaml", "Cython"),
    Library("msgpack", "msgpack._cmsgpack", "Cython"),
    Library("aiohttp", "aiohttp._http_parser", "Cython"),
    Library("multidict", "multidict._multidict", "C"),
    Library("grpcio", "grpc._cython.cygrpc", "Cython"),
    Library("shapely", "shapely", "C, Cython"),
    Library("cryptography", "cryptography.hazmat.bindings._rust", "PyO3, CFFI"),
    Library("bcrypt", "bcrypt", "PyO3"),
    Library("pydantic-core", "pydantic_core", "PyO3"),
    Library("rpds-py", "rpds", "PyO3"),
    Library("orjson", "orjson", "Rust, C API"),
    Library("polars", "polars", "PyO3"),
    Library("tiktoken", "tiktoken._tiktoken", "PyO3"),
    Library("cffi", "_cffi_backend", "C"),
    Library("pynacl", "nacl._sodium", "CFFI"),
    Library("pillow", "PIL._imaging", "C"),
    Library("psycopg2-binary", "psycopg2", "C"),
    Library("protobuf", "google._upb._message", "C"),
    Library("markupsafe", "markupsafe._speedups", "C"),
    Library("wrapt", "wrapt._wrappers", "C"),
    Library("greenlet", "greenlet", "C++"),
    Library("charset-normalizer", "charset_normalizer.md", "Cython"),
    Library("jaxlib", "jaxlib._jax", "nanobind"),
    Library("faiss-cpu", "faiss._swigfaiss", "SWIG"),
    Library("msgspec", "msgspec", "C"),
]

#: What each way does, as a program; its argument is the module. 3.12 cannot make the second kind.
WAYS: Final = {
    f"{kind}, {first}": f"""
import sys
from subinterpreter import Interpreter
module = sys.argv[1]
{"__import__(module)" if first == "main first" else ""}
with Interpreter({options}) as interpreter:
    interpreter.run("__import__(" + repr(module) + ")")
"""
    for kind, options in {
        "legacy": "isolated=False",
        "checked, shared GIL": "isolated=True, own_gil=False",
        "own GIL": "isolated=True, own_gil=True",
    }.items()
    for first in ("sub first", "main first")
}
AFTER: Final = "after re-initialization"
REFUSED: Final = "does not support loading in subinterpreters"
#: Each column of the table with the ways that it tells.
COLUMNS: Final = {
    "Legacy, sub first": ["legacy, sub first"],
    "Legacy, main first": ["legacy, main first"],
    "Checked": ["checked, shared GIL, sub first", "checked, shared GIL, main first"],
    "Own GIL": ["own GIL, sub first", "own GIL, main first"],
    "Restart": [AFTER],
}
_EXCEPTION: Final = re.compile(
    r"(?:subinterpreter\.Failed: )?(?:\w+\.)*(?P<name>\w*(?:Error|Exception)): "
)
#: What a cell says of the messages that have a row on the page; of others it names the exception.
MESSAGES: Final = (
    "Interpreter change detected",
    "more than once per process",
    "PyO3 modules do not yet support",
    "_abc_impl is set to a wrong type",
)


def outcome(command: list[str], environment: dict[str, str]) -> str:
    """What a way to import did: ``loads``, an exception, or the signal that ended the process.

    The message of CPython's own check is shortened to ``refused``.
    """
    with TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "hangs"
    errors = [line for line in done.stderr.splitlines() if line.strip()]
    if done.returncode < 0:
        return signal.Signals(-done.returncode).name
    if done.returncode:
        if REFUSED in done.stderr:
            return "refused"
        known = [message for message in MESSAGES if message in done.stderr]
        names = [match["name"] for line in errors if (match := _EXCEPTION.match(line))]
        return (known or names[::-1] or [f"status {done.returncode}"])[0]
    warned = any("Warning: " in line for line in errors)
    return "loads, warns" if warned else "loads"


def try_library(module: str, folder: Path, interpreter: Interpreter) -> dict[str, str]:
    """Import a module in every way that the interpreter has; way to outcome.

    :param folder: where it is installed.
    """
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": os.fspath(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{folder}:{SUPPORT}",
    }
    seen = {}
    for way, program in WAYS.items():
        if "shared" in way and interpreter.series < (3, 13):
            continue
        seen[way] = outcome([interpreter.path, "-c", program, module], environment)
    with TemporaryDirectory() as name:
        command = compile_program(AGAIN, interpreter, Path(name), [SUPPORT])
        home = {"PYTHONHOME": interpreter.home}
        seen[AFTER] = outcome([*command, module], environment | home)
    return seen


def install(library: Library, folder: Path, interpreter: Interpreter) -> str:
    """Install a library and what it needs, from wheels; return its version.

    :raises RuntimeError: there is no wheel for this interpreter, or no package index.
    """
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--only-binary", ":all:"]
    command += ["--python", interpreter.path, "--target", os.fspath(folder), library.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{library.name} for {interpreter.version}: {done.stderr.strip()[:300]}")
    name = library.name.replace("-", "[-_.]")
    pattern = re.compile(rf"{name}-(?P<version>[^-]+)\.dist-info", re.IGNORECASE)
    found = [match for path in folder.iterdir() if (match := pattern.fullmatch(path.name))]
    return found[0]["version"]


def by_series(outcomes: dict[str, str]) -> str:
    """What is to be said of one way: the outcome, with its series where they differ."""
    groups = [(text, [*map(str, group)]) for text, group in groupby(outcomes, key=outcomes.get)]
    if len(groups) == 1:
        return shown(groups[0][0] or "")
    return "; ".join(f"{', '.join(names)}: {shown(text or '')}" for text, names in groups)


def shown(text: str) -> str:
    """An outcome as markup: a message as a literal."""
    return text if text.startswith(("loads", "hangs", "refused")) else f"``{text}``"


def cell(outcomes: list[dict[str, str]]) -> str:
    """What is to be said of the ways of one column: first with the subinterpreter first."""
    first, *others = dict.fromkeys(map(by_series, outcomes))
    return f"{first}; if main has it: {others[0]}" if others else first


def row(library: Library, pythons: list[Interpreter]) -> list[str]:
    """The row of the table for one library."""
    outcomes: dict[str, dict[str, str]] = {way: {} for way in (*WAYS, AFTER)}
    versions: dict[str, str] = {}
    for interpreter in pythons:
        series = str(interpreter.series)
        with TemporaryDirectory() as name:
            versions[series] = install(library, Path(name), interpreter)
            for way, text in try_library(library.module, Path(name), interpreter).items():
                outcomes[way][series] = text
    label = f"{library.name} {by_series(versions)} ({library.built_with})".replace("`", "")
    return [label, *(cell([outcomes[way] for way in ways]) for ways in COLUMNS.values())]


def render(rows: list[list[str]]) -> bytes:
    """The file, with libraries in the order of the list above."""
    order = {library.name: number for number, library in enumerate(LIBRARIES)}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["Library", *COLUMNS])
    rows = sorted(rows, key=lambda row: order[row[0].split()[0]])
    writer.writerows(rows)
    return buffer.getvalue().encode()


def main() -> int:
    """Try the libraries, write the table; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    if unknown := set(options.names).difference(library.name for library in LIBRARIES):
        parser.error(f"not among the libraries of this program: {', '.join(sorted(unknown))}")
    chosen = [library for library in LIBRARIES if library.name in (options.names or [library.name])]
    pythons = [
        python
        for python in interpreters.find()
        if python.series >= (3, 12) and not python.exact.is_debug
    ]
    if not pythons:
        parser.error("there is no CPython 3.12 or newer here; BEHAVIOR_PYTHONS can name some")
    kept: list[list[str]] = []
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as file:
            kept = [*csv.reader(file)][1:]
    rows = {row[0].split()[0]: row for row in kept}
    status = 0
    with ThreadPoolExecutor(2) as pool:
        for library, done in [(library, pool.submit(row, library, pythons)) for library in chosen]:
            try:
                rows[library.name] = done.result()
                print(*rows[library.name], sep=" | ", flush=True)
            except RuntimeError as error:
                print(error, file=sys.stderr, flush=True)
                status = 1
    replace_file(TABLE, render([*rows.values()]))
    return status


if __name__ == "__main__":
    sys.exit(main())
