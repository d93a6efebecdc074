"""Running probes: whatever a program does, the runner comes back with a result or says why not."""

from __future__ import annotations

import fcntl
import functools
import shutil
import signal
import sys
import time
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING

import pytest
from sphinx_snapshots.behavior import catalog, interpreters
from sphinx_snapshots.behavior.compile import MissingToolError
from sphinx_snapshots.behavior.interpreters import Interpreter
from sphinx_snapshots.behavior.model import Observation, Outcome, Probe
from sphinx_snapshots.behavior.run import Canceled, Limits, ProbeError, observe, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = """print('{"outcome": "works", "detail": "fine"}')\n"""
FINE = Observation(Outcome.WORKS, "fine")
EXTENSION = """\
/* An extension module prints. */
#include <Python.h>

static PyObject *
probe(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(arguments))
{
    printf("{\\"outcome\\": \\"works\\", \\"detail\\": \\"fine\\"}\\n");
    fflush(stdout);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "small", .m_methods = methods};

PyMODINIT_FUNC
PyInit_small(void)
{
    return PyModuleDef_Init(&definition);
}
"""
EMBEDDING = """\
/* A program embeds Python, finds its standard library, and prints. */
#include <Python.h>

int main(void)
{
    Py_Initialize();
    PyRun_SimpleString("import json; print(json.dumps({'outcome': 'works', 'detail': 'fine'}))");
    return Py_FinalizeEx();
}
"""


@functools.cache
def this_python() -> Interpreter:
    return interpreters.ask(sys.executable)


def changed(**changes: object) -> Interpreter:
    """This Python, as if it had said something else of itself."""
    fields = {name: getattr(this_python(), name) for name in Interpreter.__struct_fields__}
    return Interpreter(**{**fields, **changes})


def probe_of(folder: Path, program: str, name: str = "some-probe.py") -> Probe:
    path = folder / "probes" / "subject" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    claim = '"""It does something."""\n' if name.endswith(".py") else ""
    path.write_text(claim + program, encoding="utf-8")
    return catalog.read(folder / "probes")[path.stem]


def seen(probe: Probe, limits: Limits | None = None, cancel: Event | None = None) -> Observation:
    with prepare(probe, this_python()) as program:
        return observe(program, limits or Limits(), cancel)


def failure(probe: Probe, limits: Limits | None = None) -> str:
    with pytest.raises(ProbeError) as caught:
        seen(probe, limits)
    return str(caught.value)


# What is a result -----------------------------------------------------------------


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_a_probe_prints_is_its_result(tmp_path: Path, outcome: Outcome) -> None:
    line = f'{{"outcome": "{outcome}", "detail": "RuntimeError: no"}}'
    probe = probe_of(tmp_path, f"print({line!r})\n")
    assert seen(probe) == Observation(outcome, "RuntimeError: no")


def test_what_is_installed_for_an_interpreter_is_not_there(tmp_path: Path) -> None:
    program = """
import os, sys
packages = [place for place in sys.path if place.endswith("-packages") and os.path.isdir(place)]
print('{"outcome": "works", "detail": "%d folders of packages"}' % len(packages))
"""
    expected = Observation(Outcome.WORKS, "0 folders of packages")
    assert seen(probe_of(tmp_path, program)) == expected


def test_death_by_a_signal_is_a_crash_with_the_fatal_error(tmp_path: Path) -> None:
    program = """
import os, sys
sys.stderr.write("noise\\nFatal Python error: Py_Worry: object at 0x7f00deadbeef\\nnoise\\n")
sys.stderr.flush()
os.abort()
"""
    expected = "SIGABRT: Fatal Python error: Py_Worry: object at 0x…"
    assert seen(probe_of(tmp_path, program)) == Observation(Outcome.CRASHES, expected)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "python3.15d: ../Python/x.c:23: f: Assertion `a == b' failed.",
            "../Python/x.c:23: f: Assertion `a == b' failed.",
        ),
        (
            'Objects/x.c:4: f: Assertion "n > 0" failed: too few\nFatal Python error: no',
            'Objects/x.c:4: f: Assertion "n > 0" failed: too few',
        ),
    ],
)
def test_of_a_crash_the_failed_assertion_is_told(tmp_path: Path, written: str, told: str) -> None:
    program = f"import os\nos.write(2, {written.encode()!r})\nos.abort()\n"
    expected = Observation(Outcome.CRASHES, f"SIGABRT: {told}")
    assert seen(probe_of(tmp_path, program)) == expected


def test_a_crash_after_the_line_counts_more_than_the_line(tmp_path: Path) -> None:
    program = GOOD + "import os, signal, sys\nsys.stdout.flush()\nos.kill(os.getpid(), 11)\n"
    assert seen(probe_of(tmp_path, program)) == Observation(Outcome.CRASHES, "SIGSEGV")


def test_a_program_that_does_not_end_hangs_even_if_it_has_printed(tmp_path: Path) -> None:
    program = GOOD + "import sys, time\nsys.stdout.flush()\ntime.sleep(60)\n"
    start = time.monotonic()
    assert seen(probe_of(tmp_path, program), Limits(seconds=1)).outcome is Outcome.HANGS
    assert time.monotonic() - start < 20


# What is an error of the probe ----------------------------------------------------


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("", "must print one line of JSON"),
        ("print('garbage')", "must print one line of JSON, and prints b'garbage"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\x00')", "must print one line of JSON"),
        (GOOD + GOOD, "must print one line of JSON"),
        ('print(\'{"outcome":\\n"works", "detail": "x"}\')', "must print one line, and"),
        ("""print('{"outcome": "flies", "detail": "x"}')""", "flies"),
        ("""print('{"outcome": "works"}')""", "detail"),
        ("""print('{"outcome": "works", "detail": "x", "more": 1}')""", "more"),
        ("""print('{"outcome": "works", "detail": ""}')""", "the detail is empty"),
        ("""print('{"outcome": "works", "detail": " x"}')""", "one line of printable"),
        ("""print(r'{"outcome": "works", "detail": "a\\nb"}')""", "one line of printable"),
        ("""print(r'{"outcome": "works", "detail": "\\u202e"}')""", "one line of printable"),
        ("""print('{"outcome": "works", "detail": "%s"}' % ("x" * 61))""", "more than 60"),
        ("""print('{"outcome": "raises", "detail": "%s"}' % ("x" * 301))""", "more than 300"),
        ("""print('{"outcome": "works", "detail": "<at 0x7f1234>"}')""", "holds an address"),
        ('import os; print(\'{"outcome": "works", "detail": "%s"}\' % os.getcwd())', "a path"),
        ('print(\'{"outcome": "works", "detail": "%s"}\' % __file__)', "a path of this"),
        (
            'import sys; print(\'{"outcome": "works", "detail": "%s"}\' % sys.base_prefix)',
            "a path of this",
        ),
        (GOOD + "raise SystemExit(1)", "it ends with status 1"),
        ("raise RuntimeError('\\x1b[31mred')", "RuntimeError: ?[31mred"),
        ("import os; os.kill(os.getpid(), 9)", "killed by SIGKILL"),
    ],
)
def test_anything_but_one_good_line_is_no_result(
    tmp_path: Path, program: str, message: str
) -> None:
    assert message in failure(probe_of(tmp_path, program))


@pytest.mark.usefixtures("launcher")
def test_a_probe_that_crashes_leaves_no_core(tmp_path: Path) -> None:
    program = """
import resource
print(resource.getrlimit(resource.RLIMIT_CORE))
"""
    assert "(0, 0)" in failure(probe_of(tmp_path, program))


def test_gigabytes_of_output_are_cut_off(tmp_path: Path) -> None:
    program = """
import os
while True:
    try:
        os.write({stream}, b"x" * 65536)
    except OSError:
        print()
        break
"""
    for stream in (1, 2):
        probe = probe_of(tmp_path, program.replace("{stream}", str(stream)))
        assert "writes more than it may" in failure(probe)


@pytest.fixture(params=["prlimit", "python"])
def launcher(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the programs that set the limits, in turn."""
    if request.param == "python":
        which = shutil.which
        monkeypatch.setattr(shutil, "which", lambda name: name != "prlimit" and which(name))
    elif shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit")


@pytest.mark.usefixtures("launcher")
def test_a_memory_hog_gets_no_more_than_its_limit(tmp_path: Path) -> None:
    program = "hog = [bytearray(1 << 24) for _ in range(1000)]\n" + GOOD
    assert "MemoryError" in failure(probe_of(tmp_path, program), Limits(memory=1 << 29))


@pytest.mark.usefixtures("launcher")
def test_a_probe_cannot_fill_the_disk(tmp_path: Path) -> None:
    program = """
with open("large", "wb") as file:
    for _ in range(1000):
        file.write(bytes(1 << 20))
"""
    assert "File too large" in failure(probe_of(tmp_path, program))


# What a probe is run in -----------------------------------------------------------


def test_a_probe_starts_in_an_empty_folder_that_is_gone_afterwards(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = f"""
import os
assert os.listdir() == []
open("left", "w").close()
open({str(note)!r}, "a").write(os.getcwd() + "\\n")
"""
    with prepare(probe_of(tmp_path, program + GOOD), this_python()) as ready:
        assert observe(ready) == observe(ready) == FINE
    first, second = note.read_text().split()
    assert first != second
    assert not Path(first).exists()
    assert not Path(second).exists()


def test_a_probe_sees_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    monkeypatch.setenv("SECRET", "1")
    program = """
import os, sys
expected = {"HOME", "LC_ALL", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE", "PYTHONPATH",
            "SANDBOX_RUN", "TMPDIR"}
assert set(os.environ) <= expected, os.environ
assert sys.stdin.read() == ""
assert sys.argv[1:] == []
"""
    assert seen(probe_of(tmp_path, program + GOOD)) == FINE


def test_a_probe_can_import_the_support_library_and_no_other_probe(tmp_path: Path) -> None:
    program = "import helper\nimport queue\nimport sched\nqueue.Queue\nsched.scheduler\n"
    probe = probe_of(tmp_path, program + GOOD, "queue.py")
    support = tmp_path / "probes" / "support"
    support.mkdir()
    (support / "helper.py").write_text("", encoding="utf-8")
    probe_of(tmp_path, "raise RuntimeError\n", "sched.py")
    probe_of(tmp_path, "raise RuntimeError\n", "helper.py")
    assert seen(probe) == FINE
    assert not (support / "__pycache__").exists()


def test_the_support_library_is_compiled_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    program = """
import helper
import os
from importlib.util import cache_from_source
print('{"outcome": "works", "detail": "%s"}' % os.stat(cache_from_source(helper.__file__)).st_ino)
"""
    probe = probe_of(tmp_path, program)
    support = tmp_path / "probes" / "support"
    support.mkdir()
    (support / "helper.py").write_text("", encoding="utf-8")
    first = seen(probe)
    assert seen(probe) == first
    (support / "helper.py").write_text("import os\n", encoding="utf-8")
    assert seen(probe) != first
    (support / "helper.py").write_text("no Python\n", encoding="utf-8")
    with pytest.raises(ProbeError, match="SyntaxError"):
        seen(probe)


@pytest.fixture
def ignored_signals() -> Iterator[None]:
    """Signals are ignored here, as in a shell's background job or under ``nohup``."""
    before = {
        number: signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("launcher", "ignored_signals")
def test_a_probe_ignores_no_signal(tmp_path: Path) -> None:
    source = """\
/* Each signal has its default action. */
#include <signal.h>
#include <stdio.h>

int main(void)
{
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (!sigaction(number, NULL, &action) && action.sa_handler != SIG_DFL) {
            printf("signal %d\\n", number);
            return 1;
        }
    }
    puts("{\\"outcome\\": \\"works\\", \\"detail\\": \\"fine\\"}");
    return 0;
}
"""
    assert seen(probe_of(tmp_path, source, "signals.c")) == FINE


# What it leaves -------------------------------------------------------------------

LEAVE = """
import fcntl, os, sys, time
reading, writing = os.pipe()
if os.fork() == 0:
    {escape}
    file = open({lock!r}, "w")
    fcntl.flock(file, fcntl.LOCK_EX)
    os.set_inheritable(file.fileno(), True)
    os.write(writing, b"x")
    {wait}
os.read(reading, 1)
"""


def is_free(lock: Path) -> bool:
    """Whether no process holds the lock; one that was just killed may need a moment."""
    with lock.open("w") as file:
        for _ in range(100):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.05)
            else:
                return True
    return False


SLEEP = "time.sleep(60)"
FORGET = 'os.execve(sys.executable, ["python", "-c", "import time; time.sleep(60)"], {})'


@pytest.mark.parametrize(
    ("escape", "wait"),
    [("pass", SLEEP), ("os.setsid()", SLEEP), ("pass", FORGET)],
    ids=["forked", "of-another-session", "without-the-environment"],
)
def test_a_process_that_keeps_stdout_open_is_killed_and_not_waited_for(
    tmp_path: Path, escape: str, wait: str
) -> None:
    if escape != "pass" and not Path("/proc/self/environ").exists():
        pytest.skip("processes that leave their session are found on Linux only")
    lock = tmp_path / "lock"
    program = LEAVE.format(escape=escape, lock=str(lock), wait=wait) + GOOD
    start = time.monotonic()
    assert seen(probe_of(tmp_path, program)) == FINE
    assert time.monotonic() - start < 15
    assert is_free(lock)


def test_what_a_hanging_probe_has_started_is_killed_with_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    program = LEAVE.format(escape="pass", lock=str(lock), wait=SLEEP) + "time.sleep(60)\n"
    assert seen(probe_of(tmp_path, program), Limits(seconds=1)).outcome is Outcome.HANGS
    assert is_free(lock)


def test_a_run_that_is_canceled_leaves_nothing(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    program = LEAVE.format(escape="pass", lock=str(lock), wait=SLEEP) + "time.sleep(60)\n"
    cancel = Event()
    Timer(1, cancel.set).start()
    with pytest.raises(Canceled):
        seen(probe_of(tmp_path, program), cancel=cancel)
    assert is_free(lock)


# C --------------------------------------------------------------------------------


def test_an_extension_module_is_compiled_and_its_probe_called(tmp_path: Path) -> None:
    assert seen(probe_of(tmp_path, EXTENSION, "in-c.c")) == FINE


def test_a_program_with_main_embeds_the_interpreter(tmp_path: Path) -> None:
    assert seen(probe_of(tmp_path, EMBEDDING, "in-c.c")) == FINE


def test_programs_share_what_is_linked_with_a_static_library(tmp_path: Path) -> None:
    name = f"lib{this_python().library_name}.a"
    folders = map(Path, filter(None, this_python().library_folders))
    library = next((folder / name for folder in folders if (folder / name).exists()), None)
    if library is None:
        pytest.skip(f"there is no {name}")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / name).symlink_to(library)
    python = changed(library_folders=(str(tmp_path / "static"),))
    probe = probe_of(tmp_path, EMBEDDING, "in-c.c")
    with prepare(probe, python) as first, prepare(probe, python) as second:
        assert observe(first) == observe(second) == FINE
        assert first.command[0] == second.command[0]


def test_a_probe_in_c_can_include_headers_of_the_support_folder(tmp_path: Path) -> None:
    probe = probe_of(tmp_path, EXTENSION.replace("<Python.h>", '"helper.h"'), "in-c.c")
    support = tmp_path / "probes" / "support"
    support.mkdir()
    (support / "helper.h").write_text("#include <Python.h>\n", encoding="utf-8")
    assert seen(probe) == FINE


def test_a_header_is_compiled_once_for_an_interpreter_and_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler, log = tmp_path / "compiler", tmp_path / "log"
    compiler.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec cc "$@"\n', encoding="utf-8")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    probe = probe_of(tmp_path, EXTENSION.replace("<Python.h>", '"helper.h"'), "in-c.c")
    header = tmp_path / "probes" / "support" / "helper.h"
    header.parent.mkdir()
    header.write_text("#include <Python.h>\n", encoding="utf-8")
    assert seen(probe) == seen(probe) == FINE
    assert [" c-header " in line for line in log.read_text().splitlines()] == [True, False, False]
    header.write_text("#error changed\n", encoding="utf-8")
    assert "#error changed" in failure(probe)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("return PyModuleDef_Init", "give PyModuleDef_Init"), "give"),
        (("    fflush", "    int unused;\n    fflush"), "unused"),
        (("PyInit_small", "init_small"), "there is no PyInit_NAME"),
    ],
    ids=["error", "warning", "no-module"],
)
def test_what_does_not_compile_is_an_error_of_the_probe(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    said = failure(probe_of(tmp_path, EXTENSION.replace(*change), "in-c.c"))
    assert "does not compile" in said
    assert message in said


def test_a_missing_compiler_is_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    probe = probe_of(tmp_path, EXTENSION, "in-c.c")
    with (
        pytest.raises(MissingToolError, match="no C compiler named no-such-compiler"),
        prepare(probe, this_python()),
    ):
        pytest.fail("there is nothing to run")


@pytest.mark.parametrize(
    ("source", "changes", "message"),
    [
        (EXTENSION, {"include": "/nowhere"}, "no C headers of .* in /nowhere"),
        (EMBEDDING, {"library_folders": ("/nowhere", "")}, r"no libpython3\.\d+\.so"),
    ],
)
def test_missing_headers_and_libraries_are_no_result(
    tmp_path: Path, source: str, changes: dict[str, object], message: str
) -> None:
    with (
        pytest.raises(MissingToolError, match=message),
        prepare(probe_of(tmp_path, source, "in-c.c"), changed(**changes)),
    ):
        pytest.fail("there is nothing to run")
