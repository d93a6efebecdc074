"""The examples print what the pages say they print.

Every program ``examples/NAME.py`` is run by each CPython series found here, as `behavior` finds
them, if ``BEHAVIOR_RUN_ALL`` is set, as it is in CI; else by one series, another one each day. What
it must print is committed beside it:

- ``NAME.3.15.out`` by series 3.15,
- ``NAME.3.9-3.14.out`` by the series 3.9 to 3.14,
- ``NAME.out`` by every other series.

An example claims nothing about a series that has no such file, and is not run there. A C file
``examples/NAME.c`` is compiled first; every module it defines (``PyInit_x``, ``PyModExport_x``) can
then be imported by ``NAME.py`` as ``x``. Free-threaded builds are left out: the pages speak of
them apart.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
from missing_tools import go_without
from pythons import PYTHONS, RUN_ALL, TURN
from sphinx_snapshots.behavior.compile import MissingToolError, compile_modules
from sphinx_snapshots.behavior.interpreters import Interpreter

EXAMPLES = Path(__file__).parents[2] / "examples"
OUTPUT = re.compile(r"(?P<name>\w+)(\.3\.(?P<first>\d+)(-3\.(?P<last>\d+))?)?\.out")


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
    pytest.param(example, interpreter, output, id=f"{example.stem}-{interpreter.series}")
    for example in sorted(EXAMPLES.glob("*.py"))
    for interpreter in PYTHONS
    if RUN_ALL or interpreter.series == TURN
    if (output := expected_output(example.stem, interpreter.series.minor))
]


@pytest.mark.slow
@pytest.mark.parametrize(("example", "interpreter", "output"), CLAIMS)
def test_output(example: Path, interpreter: Interpreter, output: Path, tmp_path: Path) -> None:
    source = example.with_suffix(".c")
    if source.is_file():
        try:
            compile_modules(source, interpreter, tmp_path)
        except MissingToolError as error:
            go_without(str(error))
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


@pytest.mark.slow
def test_sessions_of_the_python_api() -> None:
    """The page says that its sessions are those of 3.14 and 3.15."""
    page = EXAMPLES.parent / "subinterpreters" / "python-api.rst"
    assert page.read_text("utf-8").count(">>> ") > 20
    newest = [interpreter for interpreter in PYTHONS if interpreter.series >= (3, 14)]
    if not newest:
        go_without("there is no CPython 3.14 or newer here")
    for interpreter in newest:
        done = subprocess.run(
            [interpreter.path, "-I", "-m", "doctest", page],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = f"{interpreter.version}: {done.stdout}{done.stderr}"
        assert (done.returncode, done.stdout) == (0, ""), said


def test_no_other_page_has_sessions() -> None:
    """What `test_sessions_of_the_python_api` does not run would count as evidence all the same."""
    root = EXAMPLES.parent
    pages = [*root.glob("subinterpreters/*.rst"), *root.glob("finalization/*.rst")]
    written = re.compile(r"^ *(?:\.\. (?:code-block|code|sourcecode):: pycon$|>>> )", re.MULTILINE)
    assert [p.name for p in pages if written.search(p.read_text("utf-8"))] == ["python-api.rst"]


def test_every_c_sample_of_the_notes_is_compiled() -> None:
    """A page includes C from the examples or the probes; what it writes itself nobody compiles."""
    root = EXAMPLES.parent
    pages = [*root.glob("subinterpreters/*.rst"), *root.glob("finalization/*.rst")]
    written = re.compile(r"^ *\.\. (?:code-block|code|sourcecode):: c$", re.MULTILINE)
    included = re.compile(r"^ *\.\. literalinclude:: \.\./(?P<path>.+\.c)$", re.MULTILINE)
    texts = {page.name: page.read_text("utf-8") for page in pages}
    assert [name for name, text in texts.items() if written.search(text)] == []
    sources = {match["path"] for text in texts.values() for match in included.finditer(text)}
    assert len(sources) > 5
    assert all(path.startswith(("examples/", "probes/")) for path in sources)
