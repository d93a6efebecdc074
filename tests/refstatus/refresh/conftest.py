"""The servers that a refresh meets, whose clock runs ahead while the client waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sphinx_snapshots.refstatus.refresh.http import HttpClient
from stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """GitHub and bugs.python.org; to wait for them takes no time."""
    with StandIn() as server:
        monkeypatch.setattr(HttpClient, "pause", lambda _client, seconds: server.sleep(seconds))
        yield server
