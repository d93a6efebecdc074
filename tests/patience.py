"""Tests of servers that do not answer, which neither take long nor hang on a busy machine."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from sphinx_snapshots.refstatus.refresh.transport import Request, Response, Transport

__all__ = ["be_impatient"]

_SHORT = 0.2


def be_impatient(transport: Transport, exchanges: Container[int]) -> None:
    """Have ``transport`` wait only a moment for answers that will not come.

    Those that do come have the usual time.

    :param exchanges: which ones have no answer, counted from 0.
    """
    exchange, usual, numbers = transport._exchange, transport._deadline, itertools.count()

    def exchange_in_time(request: Request) -> Response:
        transport._deadline = _SHORT if next(numbers) in exchanges else usual
        return exchange(request)

    transport._exchange = exchange_in_time  # type: ignore[method-assign]  # of this one object
