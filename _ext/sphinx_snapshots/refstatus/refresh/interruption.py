"""Ctrl-C, a request to end, a terminal that closes: what was found before them is not lost."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

#: Windows has no SIGHUP, which a terminal sends when it closes.
_SIGNALS: Final = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Interrupted(KeyboardInterrupt):
    """A signal asks to end. The text is the signal's name."""


class Interruption:
    """Within it, the first signal raises ``Interrupted``, and no other one does anything.

    After :meth:`hold_back`, it does so only where the program waits: what was received is kept, and
    what is being written is written to its end.

    A signal that the process was started to ignore, as ``nohup`` has it, stays ignored.
    """

    def __init__(self) -> None:
        self._may_raise = True
        self._has_raised = False
        self._came: signal.Signals | None = None

    def hold_back(self) -> None:
        """Let no signal interrupt from here on, except in :meth:`waiting`."""
        self._may_raise = False

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let a signal interrupt what is done within, also one that has been held back so far."""
        before, self._may_raise = self._may_raise, True
        try:
            self._raise_once()
            yield
        finally:
            self._may_raise = before

    def __enter__(self) -> Interruption:
        self._before = {
            number: signal.signal(number, self._handle)
            for number in _SIGNALS
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._came = self._came or signal.Signals(number)
        if self._may_raise:
            self._raise_once()

    def _raise_once(self) -> None:
        if self._came is not None and not self._has_raised:
            self._has_raised = True
            raise Interrupted(self._came.name)
