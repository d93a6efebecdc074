"""The examples print what the pages say they print.

Every program ``examples/NAME.py`` is run by each CPython series found here: the interpreter that
runs these tests, ``python3.N`` on the PATH, and pyenv's. What it must print is committed beside it:

- ``NAME.3.15.out`` by series 3.15,
- ``NAME.3.9-3.14.out`` by the series 3.9 to 3.14,
- ``NAME.out`` by every other series.

An example claims nothing about a series that has no such file, and is not run there. A C file
``examples/NAME.c`` is compiled first; every module it defines (``PyInit_x``, ``PyModExport_x``) can
then be imported by ``NAME.py`` as ``x``. Free-threaded builds are left out: the pages speak of
them apart.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
OUTPUT = re.compile(r"(?P<name>\w+)(\.3\.(?P<first>\d+)(-3\.(?P<last>\d+))?)?\.out")
DEFINED_MODULE = re.compile(r"^Py(?:Init|ModExport)_(\w+)\(void\)", re.MULTILINE)
FLAGS = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"]
if sys.platform == "darwin":
    FLAGS += ["-undefined", "dynamic_lookup"]
ASK = """
import json, sys, sysconfig
usable = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
print(json.dumps([usable, sys.version_info[0], sys.version_info[1], sysconfig.get_path("include")]))
"""


class Interpreter(NamedTuple):
    path: str
    minor: int
    include: Path


@functools.cache
def interpreters() -> tuple[Interpreter, ...]:
    """Find one interpreter of each series."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    paths = [sys.executable]
    paths += filter(None, (shutil.which(f"python3.{minor}") for minor in range(8, 30)))
    paths += map(str, sorted(pyenv.glob("versions/*/bin/python3")))
    found: dict[int, Interpreter] = {}
    for path in paths:
        answer = subprocess.run([path, "-c", ASK], capture_output=True, text=True, check=False)
        if answer.returncode == 0:  # a shim of pyenv may stand for a version that is not there
            usable, major, minor, include = json.loads(answer.stdout)
            if usable and major == 3 and minor >= 8:
                found.setdefault(minor, Interpreter(path, minor, Path(include)))
    return tuple(found[minor] for minor in sorted(found))


def expected_output(name: str, minor: int) -> Path | None:
    """Find the file that says what the example prints on this series."""
    best = None
    for path in EXAMPLES.glob("*.out"):
        match = OUTPUT.fullmatch(path.name)
        if match is None or match["name"] != name:
            continue
        if match["first"] is None:
            best = best or path
        elif int(match["first"]) <= minor <= int(match["last"] or match["first"]):
            best = path
    return best


CLAIMS = [
    pytest.param(example, interpreter, output, id=f"{example.stem}-3.{interpreter.minor}")
    for example in sorted(EXAMPLES.glob("*.py"))
    for interpreter in interpreters()
    if (output := expected_output(example.stem, interpreter.minor))
]


def build(source: Path, interpreter: Interpreter, folder: Path) -> None:
    """Compile the modules that the C file defines into the folder, or skip the test."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        pytest.skip("there is no C compiler")
    include = interpreter.include
    if not (include / "Python.h").is_file():
        pytest.skip(f"there are no C headers of Python 3.{interpreter.minor}")
    names = DEFINED_MODULE.findall(source.read_text(encoding="utf-8"))
    library = folder / "library"
    # Debian keeps a part of the headers beside the folder it names.
    headers = [f"-I{include}", f"-I{include.parent}"]
    command = [compiler, *FLAGS, *headers, str(source), "-o", str(library)]
    compilation = subprocess.run(command, capture_output=True, text=True, check=False)
    assert compilation.returncode == 0, compilation.stderr
    for name in names:
        shutil.copy(library, folder / f"{name}.so")


@pytest.mark.slow
@pytest.mark.parametrize(("example", "interpreter", "output"), CLAIMS)
def test_output(example: Path, interpreter: Interpreter, output: Path, tmp_path: Path) -> None:
    source = example.with_suffix(".c")
    if source.is_file():
        build(source, interpreter, tmp_path)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [interpreter.path, str(example)],
        capture_output=True, text=True, timeout=60, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout == output.read_text(encoding="utf-8")


def test_every_example_has_an_output_and_every_output_an_example() -> None:
    outputs = [OUTPUT.fullmatch(path.name) for path in EXAMPLES.glob("*.out")]
    assert {match and match["name"] for match in outputs} == {p.stem for p in EXAMPLES.glob("*.py")}
