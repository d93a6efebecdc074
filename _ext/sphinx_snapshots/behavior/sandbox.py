"""Run a program that may do anything, and come back: with limits, and nothing left running."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, NamedTuple
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from threading import Event


#: Names a run to all its processes, also those that leave the session.
_MARK: Final = "SANDBOX_RUN"

_DEFAULT_SIGNALS: Final = "--default-signal"

_ROUNDS: Final = 50
_SHORTEST_NAP: Final = 0.001
_LONGEST_NAP: Final = 0.01

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


class Limits(NamedTuple):
    """What a program may use.

    :param seconds: from start to end.
    :param memory: address space of each process, in bytes.
    :param output: size of each file that it writes, the standard streams included, in bytes.
    """

    seconds: float = 20
    memory: int = 4 << 30
    output: int = 1 << 20


class Ended(NamedTuple):
    """How a program ended.

    :param status: exit status, the negative number of a signal, or None: the time was up.
    :param stdout: what it wrote, up to the limit.
    :param stderr: what it wrote, up to the limit.
    :param cut: whether it may have wanted to write more than the limit to a standard stream.
    """

    status: int | None
    stdout: bytes
    stderr: bytes
    cut: bool


class Canceled(Exception):  # noqa: N818  it is no error
    """Whoever wanted the program run wants it no more."""


def execute(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    limits: Limits,
    cancel: Event | None = None,
) -> Ended:
    """Run ``command`` in ``folder``, and kill whatever it started when it ends.

    The standard streams are files, so that nothing waits for a process that keeps them open. What
    was started is known by its session, and on Linux also by a variable in its environment.

    :param environment: the whole environment.
    :param cancel: when set, the program is killed.
    :raises Canceled: ``cancel`` was set.
    :raises OSError: the program does not start.
    """
    mark = uuid4().hex
    with TemporaryFile() as stdout, TemporaryFile() as stderr:
        process = subprocess.Popen(
            [*_launcher(limits), *command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            cwd=folder,
            env={**environment, _MARK: mark},
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
        output, errors = _read(stdout, limits.output), _read(stderr, limits.output)
    cut = limits.output in (len(output), len(errors))
    return Ended(process.returncode if in_time else None, output, errors, cut)


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
    nap = _SHORTEST_NAP
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if cancel is not None and cancel.is_set():
            raise Canceled
        if time.monotonic() >= end:
            return False
        time.sleep(nap)
        nap = min(nap * 2, _LONGEST_NAP)
    return True


def _kill_marked(mark: bytes) -> None:
    """Kill the processes that have ``mark`` in their environment, where the system shows that."""
    for _ in range(_ROUNDS):  # one may fork meanwhile
        found = [pid for pid in _processes() if _has(pid, mark)]
        if not found:
            break
        for pid in found:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _processes() -> list[int]:
    """The processes that this system shows as folders."""
    with suppress(OSError), os.scandir("/proc") as entries:
        return [int(entry.name) for entry in entries if entry.name.isdigit()]
    return []


def _has(pid: int, variable: bytes) -> bool:
    """Whether a process has a variable in its environment."""
    try:
        return variable in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False  # it has ended, or is of another user


def _read(stream: IO[bytes], size: int) -> bytes:
    stream.seek(0)
    return stream.read(size)
