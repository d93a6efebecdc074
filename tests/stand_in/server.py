"""The server: one address on this machine for all the services, a record, a clock, and faults."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

from sphinx_snapshots.refstatus.refresh.http import Addresses

from . import graphql_api, rest_api
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

Service = Literal["graphql", "api", "bpo", "peps", "docs"]

_HOUR = 3_600
#: What GitHub grants in an hour to those who have no token.
_REQUESTS_WITHOUT_TOKEN = 60
#: The limit of the real bugs.python.org: requests a second, and how many may come at once.
_BPO_RATE, _BPO_BURST = 5, 10


class Recorded(NamedTuple):
    """A request as it came.

    :param time: seconds since the epoch, by the clock of the stand-in.
    """

    time: float
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class _Limit:
    """Every request is refused until the clock of the stand-in shows ``until``."""

    until: float
    refuse: Callable[[Exchange], None]


class StandIn:
    """Stands in for all servers while it is entered: ``with StandIn(world) as server:``.

    Its clock runs ahead when somebody waits with ``sleep``, which does not take any time. So a
    limit is over for those only who have waited long enough.

    :param world: what there is on the servers.
    :param certificate: a PEM file with a certificate and its key, to serve https.
    """

    def __init__(self, world: World | None = None, certificate: Path | None = None) -> None:
        self.world = world or World()
        self.requests: list[Recorded] = []
        self.waits: list[float] = []
        self.closing = threading.Event()
        self._ahead = 0.0
        self._faults: defaultdict[str, Iterator[Callable[[Exchange], None]]] = defaultdict(
            lambda: iter(())
        )
        self._limit: _Limit | None = None
        self._lock = threading.Lock()
        self._meters: dict[bool, _Meter] = {}
        self._bpo_times: deque[float] = deque(maxlen=_BPO_BURST)
        stand_in = self

        class Handler(Exchange):
            server_of = stand_in

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._scheme = "http"
        if certificate is not None:
            self._scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
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
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it listens: ``http://127.0.0.1:port``, or https."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def addresses(self) -> Addresses:
        """Its addresses of all services."""
        return Addresses(
            f"{self.address}/graphql",
            f"{self.address}/api",
            f"{self.address}/bpo",
            f"{self.address}/peps",
        )

    def environment(self) -> dict[str, str]:
        """The variables that send a refresh here."""
        addresses = self.addresses
        return {
            "GITHUB_GRAPHQL_URL": addresses.graphql,
            "GITHUB_API_URL": addresses.rest,
            "REFSTATUS_BPO_URL": addresses.bpo,
            "REFSTATUS_PEPS_URL": addresses.peps,
            "GITHUB_TOKEN": self.world.token,
        }

    def fail(self, service: Service, *faults: Callable[[Exchange], None], times: int = 1) -> None:
        """Answer the next requests with ``faults``, in turn, and that so many times over."""
        self._faults[service] = iter(faults * times)

    def always_fail(self, service: Service, fault: Callable[[Exchange], None]) -> None:
        """Answer every request from now on with ``fault``."""
        self._faults[service] = repeat(fault)

    def refuse_for(self, seconds: float, refuse: Callable[[Exchange], None]) -> None:
        """Answer all that comes in the next ``seconds`` with ``refuse``."""
        self._limit = _Limit(self.now() + seconds, refuse)

    def now(self) -> float:
        """Seconds since the epoch, by a clock that ``sleep`` puts forward."""
        return time.time() + self._ahead

    def sleep(self, seconds: float) -> None:
        """Wait, without taking time for it."""
        self.waits.append(seconds)
        self._ahead += seconds

    def asked(self, service: Service) -> list[Recorded]:
        """The requests that one of the services got."""
        return [request for request in self.requests if _service(request.target) == service]

    # What follows is for the threads that serve.

    def serve(self, exchange: Exchange, request: Recorded) -> None:
        """Answer one request, by a fault if one is due."""
        with self._lock:
            self.requests.append(request)
            limit = self._limit
            is_refused = limit is not None and self.now() < limit.until
            service = _service(request.target)
            fault = None if is_refused else next(self._faults[service], None)
        if limit is not None and is_refused:
            limit.refuse(exchange)
        elif fault is not None:
            fault(exchange)
        else:
            self.answer(exchange, request)

    def answer(self, exchange: Exchange, request: Recorded) -> None:
        """Answer one request as the real server would."""
        rest = request.target.removeprefix(f"/{_service(request.target)}").removeprefix("/v3")
        match _service(request.target):
            case "graphql":
                self._answer_graphql(exchange, request)
            case "api":
                self._answer_rest(exchange, request, rest)
            case "bpo":
                self._answer_bpo(exchange, rest)
            case "peps" if rest == "/api/peps.json":
                exchange.send_json(200, {str(number): {} for number in self.world.peps})
            case _:
                exchange.send(404, b"<html>Not Found</html>", "text/html")

    def has_token(self, request: Recorded) -> bool | None:
        """Whether a request brings the right token; None if it brings none."""
        sent = request.headers.get("Authorization")
        return None if sent is None else sent == f"Bearer {self.world.token}"

    def _answer_graphql(self, exchange: Exchange, request: Recorded) -> None:
        if not self.has_token(request):
            exchange.send_json(401, {"message": "Bad credentials"})
            return
        meter = self._meter(has_token=True)
        if not meter.take(self.now()):
            error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}
            exchange.send_json(200, {"errors": [error]}, meter.headers())
            return
        content = graphql_api.answer(self.world, json.loads(request.body))
        exchange.send_json(200, content, meter.headers())

    def _answer_rest(self, exchange: Exchange, request: Recorded, target: str) -> None:
        has_token = self.has_token(request)
        if has_token is False:
            exchange.send_json(401, {"message": "Bad credentials"})
            return
        meter = self._meter(has_token=bool(has_token))
        if not meter.take(self.now()):
            exchange.send_json(403, {"message": "API rate limit exceeded"}, meter.headers())
            return
        # As an Enterprise Server has it.
        start = (
            f"{self.address}/api/v3"
            if request.target.startswith("/api/v3/")
            else f"{self.address}/api"
        )
        answer = rest_api.answer(self.world, start, target)
        exchange.send_json(answer.status, answer.content, {**meter.headers(), **answer.headers})

    def _meter(self, *, has_token: bool) -> _Meter:
        granted = self.world.points if has_token else _REQUESTS_WITHOUT_TOKEN
        return self._meters.setdefault(has_token, _Meter(granted, self.now() + _HOUR))

    def _answer_bpo(self, exchange: Exchange, target: str) -> None:
        now = self.now()
        times = self._bpo_times
        if len(times) == _BPO_BURST and now - times[0] < _BPO_BURST / _BPO_RATE:
            exchange.send(503, b"<html>503 Service Temporarily Unavailable</html>", "text/html")
            return
        times.append(now)
        query = parse_qs(urlsplit(target).query)
        if query["@action"] == ["export_csv"]:
            self._export_bpo(exchange, query)
            return
        assert query["@action"] == ["redirect"], "the stand-in knows no other action"
        number = int(query["bpo"][0])
        issue = self.world.bpo.get(number)
        if issue is None:
            text = f"There is no bpo issue with id {number}."
        elif issue.github is None:
            text = f"There is no GitHub id for bpo-{number}."
        else:
            location = f"https://github.com/python/cpython/issues/{issue.github}"
            exchange.send(302, b"", "text/html", {"Location": location})
            return
        exchange.send(200, text.encode(), "text/html")

    def _export_bpo(self, exchange: Exchange, query: Mapping[str, list[str]]) -> None:
        """Send the columns of the ids that there are, as Roundup's ``ExportCSVAction`` does."""
        if not self.world.has_bpo_lists:
            exchange.send(200, b"<html>You are not allowed to view issue</html>", "text/html")
            return
        assert (query["@columns"], query["@filter"]) == (["id,github"], ["id"])
        lines = ["id,github"]
        for number in sorted(map(int, query["id"][0].split(","))):
            if issue := self.world.bpo.get(number):
                lines.append(f"{number},{issue.github or ''}")
        exchange.send(200, "".join(f"{line}\r\n" for line in lines).encode(), "text/csv")


def _service(target: str) -> str:
    if target == "/api/graphql":
        return "graphql"
    return target.split("/")[1].partition("?")[0]


class _Meter:
    """Counts what was used of an hour's allowance."""

    def __init__(self, granted: int, reset: float) -> None:
        self._granted = granted
        self._used = 0
        self._reset = reset

    def take(self, now: float) -> bool:
        """Use one; false if none is left."""
        if now >= self._reset:
            self._used, self._reset = 0, now + _HOUR
        if self._used >= self._granted:
            return False
        self._used += 1
        return True

    def headers(self) -> dict[str, str]:
        """The headers that say how much is left."""
        return {
            "X-RateLimit-Limit": str(self._granted),
            "X-RateLimit-Remaining": str(self._granted - self._used),
            "X-RateLimit-Reset": str(int(self._reset) + 1),
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what many of the tests are about."""


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_of: StandIn

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_CONNECT(self) -> None:
        """What a proxy is asked. It is recorded, and refused."""
        self.server_of.requests.append(self._record())
        self.send(502, b"", "text/html")

    def _serve(self) -> None:
        self.recorded = self._record()
        self.server_of.serve(self, self.recorded)

    def _record(self) -> Recorded:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return Recorded(self.server_of.now(), self.command, self.path, dict(self.headers), body)

    def send(
        self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer as a sound server does."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def send_json(
        self, status: int, content: object, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with JSON."""
        body = json.dumps(content).encode()
        self.send(status, body, "application/json; charset=utf-8", headers)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The ``Date`` header, by the clock of the stand-in."""
        return super().date_time_string(self.server_of.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is inherited
        """Say nothing."""
