"""Run a probe on one interpreter, alone, and read what it says."""

from __future__ import annotations

import re
import signal
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from .catalog import SUPPORT
from .compile import CompileError, compile_modules, compile_program, is_program
from .model import ADDRESS, LONGEST_DETAIL, Language, Observation, Outcome
from .sandbox import Ended, Limits, execute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    from .interpreters import Interpreter
    from .model import Probe


_FATAL: Final = re.compile(r"^Fatal Python error: .*$", re.MULTILINE)
_PATH: Final = "/usr/bin:/bin"
_SHOWN_LINES: Final = 12  # of stderr, in a message about a probe that failed
#: Signals that come from outside or from a limit, and say nothing about Python.
_FOREIGN: Final = frozenset({signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ})


class ProbeError(Exception):
    """A probe did not do what a probe must do, which is never a result. The message says what."""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """What a probe prints."""

    outcome: Outcome
    detail: str


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
    reason = probe.reason_not_to_run(interpreter.series)
    if reason is not None:
        return Observation(Outcome.ABSENT, reason)
    with prepare(probe, interpreter) as program:
        seen = {observe(program, cancel=cancel): None for _ in range(times)}
    first, *others = seen
    if others:
        shown = "; ".join(map(str, seen))
        raise ProbeError(f"its answers differ from run to run: {shown}")
    return first


@contextmanager
def prepare(probe: Probe, interpreter: Interpreter) -> Iterator[Program]:
    """Make a probe ready to run, in a folder that goes when the context ends.

    :raises MissingToolError: it is of C, and something to compile it is not here.
    :raises ProbeError: it does not compile.
    """
    support = probe.path.parent.parent.absolute() / SUPPORT
    with TemporaryDirectory(prefix="probe-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        environment = {
            "LC_ALL": "C.UTF-8",
            "PATH": _PATH,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": f"{folder}:{support}",
        }
        command: tuple[str, ...]
        try:
            if probe.language is Language.C and is_program(probe.program):
                command = compile_program(probe.path, interpreter, folder, [support])
                environment["PYTHONHOME"] = interpreter.home
            else:
                command = (interpreter.path, _make_script(probe, interpreter, folder, support))
        except CompileError as error:
            raise ProbeError(f"does not compile:\n{error}") from error
        yield Program(command, environment, (name, str(support), interpreter.home))


def _make_script(probe: Probe, interpreter: Interpreter, folder: Path, support: Path) -> str:
    # Named so that it stands in the way of no module of the standard library.
    script = folder / "probe.py"
    if probe.language is Language.PYTHON:
        script.write_bytes(probe.path.read_bytes())
    else:
        module, *_ = compile_modules(probe.path, interpreter, folder, [support])
        script.write_text(f"import {module}\n\n{module}.probe()\n", encoding="utf-8")
    return str(script)


def observe(
    program: Program, limits: Limits | None = None, cancel: Event | None = None
) -> Observation:
    """Run a program once, in a fresh empty folder, and return what it shows.

    :raises ProbeError: it ended otherwise than by printing one line or by crashing or hanging.
    :raises Canceled: ``cancel`` was set.
    """
    with TemporaryDirectory(prefix="probe-", ignore_cleanup_errors=True) as name:
        environment = {**program.environment, "HOME": name, "TMPDIR": name}
        ended = execute(program.command, environment, Path(name), limits or Limits(), cancel)
        observation = _read(ended)
        if any(place in observation.detail for place in (name, *program.places)):
            raise ProbeError(f"its detail holds a path of this machine: {observation.detail!r}")
    return observation


def _read(ended: Ended) -> Observation:
    """What a run shows.

    :raises ProbeError: it shows nothing that can be kept.
    """
    if ended.cut:
        raise ProbeError("it writes more than it may to stdout or stderr")
    if ended.status is None:
        return Observation(Outcome.HANGS, "the process does not end")
    if ended.status < 0:
        return _crash(-ended.status, ended)
    if ended.status > 0:
        raise ProbeError(f"it ends with status {ended.status}{_stderr(ended)}")
    try:
        line = msgspec.json.decode(ended.stdout, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        shown = ended.stdout[:200]
        raise ProbeError(
            f"it must print one line of JSON, and prints {shown!r}: {error}{_stderr(ended)}"
        ) from error
    if ended.stdout.strip().count(b"\n"):
        raise ProbeError(f"it must print one line, and prints {ended.stdout[:200]!r}")
    observation = Observation(line.outcome, line.detail)
    if complaint := observation.complaint():
        raise ProbeError(f"{complaint}: {line.detail!r}")
    return observation


def _crash(number: int, ended: Ended) -> Observation:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    if number in _FOREIGN:
        raise ProbeError(f"it was killed by {name}: a limit, or someone else{_stderr(ended)}")
    fatal = _FATAL.search(ended.stderr.decode(errors="replace"))
    if fatal is None:
        return Observation(Outcome.CRASHES, name)
    line = ADDRESS.sub("0x…", fatal[0].strip())
    line = "".join(character if character.isprintable() else "?" for character in line)
    return Observation(Outcome.CRASHES, f"{name}: {line}"[:LONGEST_DETAIL])


def _stderr(ended: Ended) -> str:
    """The end of what it wrote to stderr, fit for a terminal."""
    lines = ended.stderr.decode(errors="replace").strip().splitlines()[-_SHOWN_LINES:]
    shown = ["".join(c if c.isprintable() else "?" for c in line)[:300] for line in lines]
    return "".join(f"\n    {line}" for line in shown)
