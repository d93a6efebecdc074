"""Run a Python program in a process of its own, and see how that process ends."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Mapping, Sequence


class Hung(Exception):  # noqa: N818  (an outcome)
    """The process did not end within its time, and was killed; the text says what hung."""


class Ended:
    """How a process ended.

    :param status: exit status, or the negative number of the signal that ended it.
    """

    def __init__(self, status: int, stdout: str, stderr: str) -> None:
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    @property
    def exit_status(self) -> int:
        """Exit status; 0 if a signal ended the process."""
        return max(self.status, 0)

    @property
    def signal(self) -> str:
        """Name of the signal that ended the process, such as ``"SIGABRT"``, or ``""``."""
        import signal

        return signal.Signals(-self.status).name if self.status < 0 else ""

    @property
    def fatal_error(self) -> str:
        """The line ``"Fatal Python error: ..."`` of this process or of one it forked, or ``""``."""
        lines = self.stderr.splitlines()
        return next((line for line in lines if line.startswith("Fatal Python error: ")), "")

    @property
    def exception(self) -> str:
        """``"TypeError: message"``, of the last exception that nobody caught, or ``""``.

        It ended the process, or came at its end, where such an exception is shown and ignored.
        """
        ignored = "Exception ignored" in self.stderr or "Error in atexit" in self.stderr
        if not (self.exit_status == 1 or ignored) or not self.stderr:
            return ""
        # An exception in a subinterpreter of the process reaches its main interpreter as Failed.
        line = self.stderr.splitlines()[-1]
        prefix = "subinterpreter.Failed: "
        return line[len(prefix) :] if line.startswith(prefix) else line

    @property
    def crash(self) -> str:
        """``"SIGABRT: Fatal Python error: ..."``, or ``""`` if the process did not crash."""
        if not (self.signal or self.fatal_error):
            return ""
        how = self.signal or f"exit status {self.exit_status}"
        return f"{how}: {self.fatal_error}" if self.fatal_error else how


def run(
    source: str,
    *,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> Ended:
    """Run the source as the module ``__main__`` of this Python and wait for its end.

    The program can import what the caller can import. It is killed, with every process that it
    started, when it has not ended in time.

    :param options: command line options of Python, such as ``-X dev``.
    :param environment: variables to set besides those of the caller.
    :param timeout: seconds.
    :raises Hung: if it did not end in time, or used all processor time that it allowed itself.
    """
    # Here, as most probes run no other process.
    import signal
    import subprocess

    process = subprocess.Popen(
        [sys.executable, "-s", *options, "-c", source],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **(environment or {})},
    )
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise Hung("the process does not end") from None
    if process.returncode == -signal.SIGXCPU:
        raise Hung("the process does not end")
    return Ended(process.returncode, stdout, stderr)
