"""Ctrl-C and a request to end, so that what was found before them is not lost."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType, TracebackType

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """A signal asks to end. The text is the signal's name."""


class Interruption:
    """Within it, the first signal raises ``Interrupted``, and no other one does anything.

    After :meth:`hold_back`, none does: what is being written is written to its end.
    """

    def __init__(self) -> None:
        self._may_raise = True

    def hold_back(self) -> None:
        """Let no signal interrupt from here on."""
        self._may_raise = False

    def __enter__(self) -> Interruption:
        self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
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
        if self._may_raise:
            self._may_raise = False
            raise Interrupted(signal.Signals(number).name)
