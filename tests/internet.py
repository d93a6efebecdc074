"""Every host that links lead to, played by one server: a proxy that passes nothing on.

Only links with plain http meet it. What it answers is said for each address.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    import pytest


@dataclass(frozen=True)
class Page:
    """One answer.

    :param delay: seconds before it comes.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = '<h1 id="present">Page</h1>'
    delay: float = 0


class Internet:
    """Answers while it is entered.

    :param pages: by address without fragment, the answers one after the other; the last one stays.
        What is not named is a page that is there.
    """

    def __init__(self, pages: Mapping[str, Sequence[Page]]) -> None:
        self._pages = pages
        #: How often each address was asked for.
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()

        class Handler(_Handler):
            internet = self

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def variables(self) -> dict[str, str]:
        """The environment of who shall find it, and nothing else but this machine."""
        address = f"http://127.0.0.1:{self._server.server_port}"
        names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
        return dict.fromkeys(names, address) | dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1")

    def take_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have this process find it."""
        for name, value in self.variables.items():
            monkeypatch.setenv(name, value)

    def answer(self, address: str) -> Page:
        """What comes back for an address, this time."""
        with self._lock:
            times = self.asked[address]
            self.asked[address] += 1
        pages = self._pages.get(address, [Page()])
        return pages[min(times, len(pages) - 1)]


class _Handler(BaseHTTPRequestHandler):
    internet: ClassVar[Internet]

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def _serve(self) -> None:
        page = self.internet.answer(self.path)  # a proxy gets the whole address
        time.sleep(page.delay)
        body = page.body.encode()
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is inherited
        """Say nothing."""
