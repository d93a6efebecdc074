"""How far a command has come, on a terminal as one line that moves, else as a line a batch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from .model import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_ERASE_LINE: Final = "\r\x1b[K"
_LONGEST_LINE: Final = 500


class Progress:
    """Tells of counts and events, one line each.

    :param stream: where to.
    :param clock: seconds, for the rate.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._moves = stream.isatty()
        self._clock = clock
        self._start = clock()
        self._line = ""

    def restart_clock(self) -> None:
        """Count the rate from now on."""
        self._start = self._clock()

    def count(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` items are settled."""
        seconds = self._clock() - self._start
        rate = f", {done / seconds:.0f} a second" if done and seconds > 0 else ""
        self._line = f"{done} of {total} items{rate}"
        if self._moves:
            self._stream.write(f"{_ERASE_LINE}{self._line}")
            self._stream.flush()
        else:
            self._write_line(self._line)

    def announce(self, text: str) -> None:
        """Say something in a line of its own, whatever characters it holds."""
        self.clear()
        self._write_line(one_line(text, _LONGEST_LINE))
        if self._moves and self._line:
            self._stream.write(self._line)
            self._stream.flush()

    def clear(self) -> None:
        """Remove the line that moves, so that something else can be written."""
        if self._moves and self._line:
            self._stream.write(_ERASE_LINE)
            self._stream.flush()

    def finish(self) -> None:
        """Let the line that moves stand."""
        if self._moves and self._line:
            self._write_line("")
        self._line = ""

    def _write_line(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()
