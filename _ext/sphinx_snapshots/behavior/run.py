"""Run a probe on one interpreter, and read what it says.

It may do anything: it runs in a session of its own, with limits, and nothing of it stays.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from uuid import uuid4

import msgspec

from .catalog import SUPPORT
from .compile import CompileError, compile_modules, compile_program, is_program, made_once
from .model import ADDRESS, LONGEST_DETAIL, Language, Observation, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    from .interpreters import Interpreter
    from .model import Probe

    _Ended: TypeAlias = subprocess.CompletedProcess[bytes]

# An assertion of the C library names the program first, one of Python's own does not.
_FATAL: Final = re.compile(
    r"^(?:\S+: )??(?P<said>Fatal Python error: .*|\S+\.[ch]:\d+: .*Assertion .* failed.*)$",
    re.MULTILINE,
)
_SHOWN_LINES: Final = 12  # of stderr, in a message about a probe that failed
#: Signals that come from outside or from a limit, and say nothing about Python.
_FOREIGN: Final = frozenset({signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ})

#: Names a run to all its processes, also those that leave the session.
_MARK: Final = "SANDBOX_RUN"
_DEFAULT_SIGNALS: Final = "--default-signal"
_NAP: Final = 0.005  # seconds
_LAUNCH: Final = """
import os, resource, signal, sys
memory, output, *command = sys.argv[1:]
for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(output), int(output)))
resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
os.execv(command[0], command)
"""


class ProbeError(Exception):
    """A probe did not do what a probe must do, which is never a result. The message says what."""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """What a probe prints."""

    outcome: Outcome
    detail: str


class Canceled(Exception):  # noqa: N818  it is no error
    """Whoever wanted the program run wants it no more."""


class Limits(NamedTuple):
    """What a program may use.

    :param seconds: from start to end.
    :param memory: address space of each process, in bytes.
    :param output: size of each file that it writes, the standard streams included, in bytes.
    """

    seconds: float = 20
    memory: int = 4 << 30
    output: int = 1 << 20


class Program(NamedTuple):
    """A probe made ready to run on one interpreter.

    :param command: the program and its arguments.
    :param environment: the whole environment.
    :param places: folders of this machine, which no detail may hold.
    """

    command: tuple[str, ...]
    environment: dict[str, str]
    places: tuple[str, ...]


def run_probe(
    probe: Probe, interpreter: Interpreter, times: int = 1, cancel: Event | None = None
) -> Observation:
    """Run a probe ``times`` times, unless it says nothing about the series; return what it shows.

    :raises MissingToolError: something to compile it is not here.
    :raises ProbeError: it shows nothing that can be kept, or another thing each time.
    :raises Canceled: ``cancel`` was set.
    """
    if reason := probe.reason_not_to_run(interpreter.series):
        return Observation(Outcome.ABSENT, reason)
    with prepare(probe, interpreter) as program:
        seen = {observe(program, cancel=cancel): None for _ in range(times)}
    if len(seen) > 1:
        raise ProbeError(f"its answers differ from run to run: {'; '.join(map(str, seen))}")
    return next(iter(seen))


@contextmanager
def prepare(probe: Probe, interpreter: Interpreter) -> Iterator[Program]:
    """Make a probe ready to run, in a folder that goes when the context ends.

    :raises MissingToolError: it is of C, and something to compile it is not here.
    :raises ProbeError: it does not compile.
    """
    support = probe.path.parent.parent.absolute() / SUPPORT
    compiled = _compiled(support, interpreter)
    with TemporaryDirectory(prefix="probe-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        environment = {
            "LC_ALL": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": f"{folder}:{compiled}",
        }
        # Named so that it stands in the way of no module of the standard library.
        script = folder / "probe.py"
        python = _without_packages(interpreter)
        command: tuple[str, ...] = (str(python), str(script))
        try:
            if probe.language is Language.PYTHON:
                script.write_bytes(probe.path.read_bytes())
            elif is_program(probe.program):
                command = compile_program(probe.path, interpreter, folder, [support])
                environment["PYTHONHOME"] = interpreter.home
            else:
                module, *_ = compile_modules(probe.path, interpreter, folder, [support])
                script.write_text(f"import {module}\n\n{module}.probe()\n", encoding="utf-8")
        except CompileError as error:
            raise ProbeError(f"does not compile:\n{error}") from error
        places = (name, *map(str, (support, compiled, interpreter.home, python.parent.parent)))
        yield Program(command, environment, places)


def _without_packages(interpreter: Interpreter) -> Path:
    """The interpreter as a virtual environment that has no packages.

    What was installed for the interpreter is not Python, and may run code when it starts.
    """

    def fill(folder: Path) -> None:
        lines = f"home = {interpreter.home}/bin\ninclude-system-site-packages = false\n"
        (folder / "pyvenv.cfg").write_text(lines, encoding="utf-8")
        (folder / "bin").mkdir()
        (folder / "bin" / "python3").symlink_to(interpreter.path)

    return made_once((interpreter,), fill) / "bin" / "python3"


def _compiled(support: Path, interpreter: Interpreter) -> Path:
    """The modules that probes share, with the bytecode of the interpreter.

    A probe leaves none behind, so that each would compile them anew.
    """
    modules = sorted(support.glob("*.py"))
    contents = [module.read_bytes() for module in modules]

    def fill(folder: Path) -> None:
        for module, content in zip(modules, contents, strict=True):
            (folder / module.name).write_bytes(content)
        # What does not compile, a probe that imports it says.
        subprocess.run(
            [interpreter.path, "-I", "-S", "-m", "compileall", "-q", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )

    return made_once((interpreter, *modules, *contents), fill)


def observe(
    program: Program, limits: Limits | None = None, cancel: Event | None = None
) -> Observation:
    """Run a program once, in a fresh empty folder, and return what it shows.

    :raises ProbeError: it ended otherwise than by printing one line or by crashing or hanging.
    :raises Canceled: ``cancel`` was set.
    """
    with TemporaryDirectory(prefix="probe-", ignore_cleanup_errors=True) as name:
        try:
            observation = _observation(_execute(program, name, limits or Limits(), cancel))
        except subprocess.TimeoutExpired:
            return Observation(Outcome.HANGS, "the process does not end")
        if any(place in observation.detail for place in (name, *program.places)):
            raise ProbeError(f"its detail holds a path of this machine: {observation.detail!r}")
    return observation


def _observation(ended: _Ended) -> Observation:
    """What a run shows.

    :raises ProbeError: it shows nothing that can be kept.
    """
    if ended.returncode < 0:
        return _crash(-ended.returncode, ended)
    if ended.returncode > 0:
        raise ProbeError(f"it ends with status {ended.returncode}{_stderr(ended)}")
    shown = f"and prints {ended.stdout[:200]!r}"
    try:
        line = msgspec.json.decode(ended.stdout, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        said = f"it must print one line of JSON, {shown}: {error}{_stderr(ended)}"
        raise ProbeError(said) from error
    if ended.stdout.strip().count(b"\n"):
        raise ProbeError(f"it must print one line, {shown}")
    observation = Observation(line.outcome, line.detail)
    if complaint := observation.complaint():
        raise ProbeError(f"{complaint}: {line.detail!r}")
    return observation


def _crash(number: int, ended: _Ended) -> Observation:
    name = {each.value: each.name for each in signal.Signals}.get(number, f"signal {number}")
    if number in _FOREIGN:
        raise ProbeError(f"it was killed by {name}: a limit, or someone else{_stderr(ended)}")
    fatal = _FATAL.search(ended.stderr.decode(errors="replace"))
    line = f": {_printable(ADDRESS.sub('0x…', fatal['said'].strip()))}" if fatal else ""
    return Observation(Outcome.CRASHES, f"{name}{line}"[:LONGEST_DETAIL])


def _stderr(ended: _Ended) -> str:
    """The end of what it wrote to stderr, fit for a terminal."""
    lines = ended.stderr.decode(errors="replace").strip().splitlines()[-_SHOWN_LINES:]
    return "".join(f"\n    {_printable(line)[:300]}" for line in lines)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _execute(program: Program, folder: str, limits: Limits, cancel: Event | None) -> _Ended:
    """Run a program in ``folder``, and kill whatever it started when it ends.

    The standard streams are files, so that nothing waits for a process that keeps them open. What
    was started is known by its session, and on Linux also by a variable in its environment.

    :raises Canceled: ``cancel`` was set.
    :raises ProbeError: it may have wanted to write more than the limit to a standard stream.
    :raises TimeoutExpired: the time was up.
    :raises OSError: the program does not start.
    """
    mark = uuid4().hex
    with TemporaryFile() as stdout, TemporaryFile() as stderr:
        process = subprocess.Popen(
            [*_launcher(limits), *program.command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            cwd=folder,
            env={**program.environment, "HOME": folder, "TMPDIR": folder, _MARK: mark},
            start_new_session=True,
        )
        try:
            in_time = _wait(process.pid, limits.seconds, cancel)
        finally:
            # Until it is waited for, the number is its own, even if it has ended.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _kill_marked(f"{_MARK}={mark}".encode())
        output, errors = (os.pread(file.fileno(), limits.output, 0) for file in (stdout, stderr))
    if limits.output in (len(output), len(errors)):
        raise ProbeError("it writes more than it may to stdout or stderr")
    if not in_time:
        raise subprocess.TimeoutExpired(program.command, limits.seconds)
    return subprocess.CompletedProcess(program.command, process.returncode, output, errors)


def _launcher(limits: Limits) -> list[str]:
    """A program that sets limits on itself and becomes the one that it is told to.

    It also ends the ignoring of signals, which a program inherits: a shell ignores SIGINT for a
    job in the background, ``nohup`` SIGHUP, and Python SIGPIPE.

    Between fork and exec of a program with threads nothing is safe, so that this is done in a
    process of its own. Where there are ``prlimit`` and an ``env`` of GNU, that costs a tenth of
    starting Python.
    """
    prlimit, env = shutil.which("prlimit"), shutil.which("env")
    if prlimit and env and _resets_signals(env):
        kinds = {"core": 0, "fsize": limits.output, "as": limits.memory}
        set_limits = [prlimit, *(f"--{kind}={limit}:{limit}" for kind, limit in kinds.items())]
        return [env, _DEFAULT_SIGNALS, *set_limits]
    return [sys.executable, "-I", "-S", "-c", _LAUNCH, str(limits.memory), str(limits.output)]


@functools.cache
def _resets_signals(env: str) -> bool:
    """Whether ``env`` has the option, as that of GNU coreutils has since 8.31."""
    tried = subprocess.run([env, _DEFAULT_SIGNALS, "true"], capture_output=True, check=False)
    return tried.returncode == 0


def _wait(pid: int, seconds: float, cancel: Event | None) -> bool:
    """Wait until a child has ended, and leave it to be waited for; return False if it has not."""
    end = time.monotonic() + seconds
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if cancel is not None and cancel.is_set():
            raise Canceled
        if time.monotonic() >= end:
            return False
        time.sleep(_NAP)
    return True


def _kill_marked(mark: bytes) -> None:
    """Kill the processes that have ``mark`` in their environment, where the system shows that."""

    def is_marked(process: Path) -> bool:
        with suppress(OSError):  # it has ended, or is of another user
            return mark in (process / "environ").read_bytes().split(b"\0")
        return False

    for _ in range(50):  # one may fork meanwhile
        found = list(filter(is_marked, Path("/proc").glob("[0-9]*")))
        if not found:
            break
        for process in found:
            with suppress(OSError):
                os.kill(int(process.name), signal.SIGKILL)
