"""Tests of servers that do not answer, which neither take long nor hang on a busy machine."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from sphinx_snapshots.refstatus.refresh import http

if TYPE_CHECKING:
    from collections.abc import Container

    import pytest

__all__ = ["be_impatient"]

_SHORT = 0.2


def be_impatient(monkeypatch: pytest.MonkeyPatch, requests: Container[int]) -> None:
    """Have the client wait only a moment for answers that will not come.

    Those that do come have the usual time.

    :param requests: which ones have no answer, counted from 0 over all clients.
    """
    send, usual, numbers = http.HttpClient._send, http.TIMEOUT, itertools.count()

    def send_in_time(client: http.HttpClient, request: http.Request) -> http.Response:
        monkeypatch.setattr(http, "TIMEOUT", _SHORT if next(numbers) in requests else usual)
        return send(client, request)

    monkeypatch.setattr(http.HttpClient, "_send", send_in_time)
