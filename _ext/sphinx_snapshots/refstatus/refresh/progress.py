"""How far a command has come, on a terminal as one line that moves, else as a line a batch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from ..model import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_ERASE_LINE: Final = "\r\x1b[K"
_LONGEST_LINE: Final = 500


class Progress:
    """Tells of counts and events, one line each, until nobody takes them any more.

    :param stream: where to.
    :param clock: seconds, for the rate.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._moves = stream.isatty()
        self._clock = clock
        self._start = clock()
        self._done_before = 0
        self._line = ""
        self._is_closed = False

    def restart_clock(self, done: int) -> None:
        """Count the rate from now on, when ``done`` items are settled."""
        self._start = self._clock()
        self._done_before = done

    def count(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` items are settled."""
        seconds, new = self._clock() - self._start, done - self._done_before
        rate = f", {new / seconds:.0f} a second" if new > 0 and seconds > 0 else ""
        self._line = f"{done} of {total} items{rate}"
        self._write(f"{_ERASE_LINE}{self._line}" if self._moves else f"{self._line}\n")

    def announce(self, text: str) -> None:
        """Say something in a line of its own, whatever characters it holds."""
        self.clear()
        self._write(f"{one_line(text, _LONGEST_LINE)}\n")
        if self._moves and self._line:
            self._write(self._line)

    def clear(self) -> None:
        """Remove the line that moves, so that something else can be written."""
        if self._moves and self._line:
            self._write(_ERASE_LINE)

    def finish(self) -> None:
        """Let the line that moves stand."""
        if self._moves and self._line:
            self._write("\n")
        self._line = ""

    def _write(self, text: str) -> None:
        if self._is_closed:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            # The reader has gone, or the terminal. That is no reason to lose what was found.
            self._is_closed = True
