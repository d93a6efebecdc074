"""One exchange over HTTP: bounded in time and size, patient with limits, careful with the token."""

from __future__ import annotations

import re
import time
from concurrent.futures import Future
from contextlib import nullcontext
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import tenacity
import urllib3
from requests.auth import AuthBase

from ..model import one_line
from .answers import Stopped
from .failures import Failed, Problem, asked_wait, in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from contextlib import AbstractContextManager

__all__ = [
    "Addresses",
    "Request",
    "Response",
    "Transport",
    "decode",
    "is_below",
    "refusal",
]

#: Seconds that a whole exchange may take. GitHub gives up by itself after 10.
_DEADLINE: Final = 30.0
#: The most that an answer may hold, in bytes after decompression; a right one holds 100 kB.
LARGEST_BODY: Final = 16 * 1024 * 1024

_CONNECT_LIMIT: Final = 10.0
_CHUNK: Final = 64 * 1024
#: After so many failures without any success between them, it is not the items.
_FAILURES_IN_A_ROW: Final = 12
_USER_AGENT: Final = "refstatus (tracker states for documentation)"

T = TypeVar("T")


class Addresses(NamedTuple):
    """Where to ask. Every address is https, or http on this machine, without a slash at its end."""

    graphql: str = "https://api.github.com/graphql"
    rest: str = "https://api.github.com"
    bpo: str = "https://bugs.python.org"
    inventory: str = "https://docs.python.org/3.15/objects.inv"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Addresses:
        """The usual addresses, or those that the environment names.

        ``GITHUB_GRAPHQL_URL`` and ``GITHUB_API_URL`` are GitHub Actions' own variables.

        :raises ValueError: one of them cannot be used; the message says which and why.
        """
        usual = cls()
        return cls(
            _read_address(environ, "GITHUB_GRAPHQL_URL", usual.graphql),
            _read_address(environ, "GITHUB_API_URL", usual.rest),
            _read_address(environ, "REFSTATUS_BPO_URL", usual.bpo),
            _read_address(environ, "REFSTATUS_INVENTORY_URL", usual.inventory),
        )


def _read_address(environ: Mapping[str, str], variable: str, usual: str) -> str:
    address = environ.get(variable, "").strip().rstrip("/")
    if not address:
        return usual
    if problem := _find_problem(address):
        raise ValueError(f"{variable} is {one_line(address)!r}: {problem}")
    return address


def _find_problem(address: str) -> str | None:
    """Why ``address`` cannot be asked; None where it can."""
    if not re.fullmatch(r"[!-\[\]-~]+", address):
        return "an address is ASCII, without spaces and backslashes"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "this is not an address"
    if parts.scheme not in {"https", "http"} or not host:
        return "write it as https://host/path"
    if "@" in parts.netloc or parts.query or parts.fragment:
        return "it must not hold a user, a query or a fragment"
    if parts.scheme == "http" and not _is_this_machine(host):
        return "plain http would show a token to others; write https"
    return None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def is_below(url: str, address: str) -> bool:
    """Whether ``url`` is on the same server as ``address``, at it or further down."""
    try:
        path = urlsplit(url).path
        same = _origin(url) == _origin(address)
    except ValueError:
        return False
    # A proxy or a server may take ".." as one up.
    return same and ".." not in path and f"{path}/".startswith(f"{urlsplit(address).path}/")


class Request(NamedTuple):
    """What is sent. A request with a body is a POST of JSON."""

    url: str
    body: bytes | None = None
    accept: str = "application/json"


class Response(NamedTuple):
    """What came back.

    :param headers: their names may be asked for in any case of letters.
    :param body: decompressed, at most ``LARGEST_BODY`` bytes.
    :param received: seconds since the epoch.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    received: float

    @property
    def host(self) -> str:
        """Who answered, for messages."""
        return urlsplit(self.url).netloc


class Transport:
    """Asks servers, one question at a time.

    :param max_wait: seconds that may be waited before one answer.
    :param announce: is told, in one line each, of every wait.
    :param token: is sent to the servers of ``token_for``, and nowhere else.
    :param waiting: is entered around every wait, for an answer too: whoever interrupts only there
        loses no answer.
    :param sleep: waits for so many seconds.
    """

    def __init__(
        self,
        *,
        max_wait: float,
        announce: Callable[[str], None],
        token: str | None = None,
        token_for: Collection[str] = (),
        waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._max_wait = max_wait
        self._announce = announce
        self._waiting = waiting
        self._sleep = sleep
        self._deadline = _DEADLINE
        self._authorization = _Authorization(token, token_for)
        self._session = _Session()
        self._failures_in_a_row = 0

    def ask(
        self,
        request: Request,
        read: Callable[[Response], T],
        *,
        expected: Collection[int] = frozenset({200}),
    ) -> T:
        """What ``read`` makes of the answer. Asks again, after a pause, where that may help.

        :param read: raises ``Failed`` for an answer that it cannot use.
        :param expected: the HTTP statuses that ``read`` is for.
        :raises Failed: this question has no answer, others may have one.
        :raises Stopped: nothing more can be asked.
        """

        def exchange() -> T:
            try:
                response = self._exchange(request)
                if response.status not in expected:
                    raise refusal(response)
                return read(response)
            except Failed as failure:
                text = self.without_token(str(failure))
                raise Failed(failure.problem, text, failure.wait) from None

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_worth_another_attempt),
            stop=_attempts_are_used_up,
            wait=_choose_wait,
            before_sleep=self._announce_wait,
            sleep=self.pause,
            reraise=True,
        )
        try:
            value = retrying(exchange)
        except Failed as failure:
            self._judge(failure)
        self._failures_in_a_row = 0
        return value

    def pause(self, seconds: float) -> None:
        """Wait."""
        with self._waiting():
            self._sleep(seconds)

    def without_token(self, text: str) -> str:
        """``text`` of a server as one line: what it sends back may hold what it was sent."""
        return self._authorization.without_token(text)

    def _judge(self, failure: Failed) -> NoReturn:
        """Say whether others may have an answer although this question has none."""
        if not failure.policy.may_be_the_items:
            raise Stopped(str(failure)) from None
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= _FAILURES_IN_A_ROW:
            times = f"{self._failures_in_a_row} questions in a row were not answered"
            raise Stopped(f"{times}; the last one: {failure}") from None
        raise failure

    def _announce_wait(self, state: tenacity.RetryCallState) -> None:
        """Say why and how long it is now waited.

        :raises Stopped: it would be longer than allowed.
        """
        text = str(_failure_of(state))
        seconds = state.upcoming_sleep
        if state.idle_for > self._max_wait:
            raise Stopped(
                f"{text}; to wait for {in_words(seconds)} is longer than allowed "
                f"({in_words(self._max_wait)} for one answer): run again later"
            ) from None
        self._announce(f"{text}; waiting {in_words(seconds)}")

    def _exchange(self, request: Request) -> Response:
        """Send and receive, once. The time limit holds whatever the time is spent on.

        :raises Failed: no complete answer came.
        """
        # A server can drip lines of headers for ever, and a name server can be silent: neither
        # counts as idle for a socket. So another thread does the work, and can be left behind.
        future: Future[Response] = Future()
        until = time.monotonic() + self._deadline

        def work(session: _Session) -> None:
            try:
                future.set_result(self._receive(session, request, until))
            # Whatever it is, it is for the thread that waits.
            except BaseException as error:
                future.set_exception(error)

        Thread(target=work, args=(self._session,), name="refstatus", daemon=True).start()
        try:
            with self._waiting():
                return future.result(self._deadline)
        except TimeoutError:
            self._session = _Session()
            raise self._no_answer(request) from None

    def _no_answer(self, request: Request) -> Failed:
        host = urlsplit(request.url).netloc
        limit = in_words(self._deadline)
        return Failed(Problem.NO_ANSWER, f"{host} did not answer within {limit}")

    def _receive(self, session: _Session, request: Request, until: float) -> Response:
        host = urlsplit(request.url).netloc
        # Plain http is for this machine only, and a proxy would carry it away.
        session.trust_env = urlsplit(request.url).scheme == "https"
        try:
            with session.request(
                "GET" if request.body is None else "POST",
                request.url,
                data=request.body,
                headers={
                    "Accept": request.accept,
                    "Accept-Encoding": "gzip",
                    "Content-Type": None if request.body is None else "application/json",
                    "User-Agent": _USER_AGENT,
                },
                auth=self._authorization,
                timeout=(min(_CONNECT_LIMIT, self._deadline), self._deadline),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _read_body(response, until)
                return Response(
                    request.url, response.status_code, response.headers, body, time.time()
                )
        except _TooLarge:
            limit = f"{LARGEST_BODY // 1024**2} MiB"
            text = f"{host} answered more than {limit}"
            raise Failed(Problem.TOO_LARGE, text) from None
        except (requests.exceptions.SSLError, urllib3.exceptions.SSLError):
            text = f"{host} has no certificate that this machine trusts"
            raise Failed(Problem.CERTIFICATE, text) from None
        except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError):
            raise self._no_answer(request) from None
        except requests.ConnectionError as error:
            text = f"{host} cannot be reached ({_reason(error)})"
            raise Failed(Problem.CONNECTION, text) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            # Their own texts may hold addresses of proxies, with passwords.
            text = f"{host} sent an answer that is broken ({type(error).__name__})"
            raise Failed(Problem.CONNECTION, text) from None


class _Session(requests.Session):
    """Keeps connections open, and nothing else: no redirects, no cookies."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: a redirect is an answer like any other.

        Session.send() works out the next address even where it does not follow, and reads the
        whole body for that, however large.
        """


class _Authorization(AuthBase):
    """Gives the token to its own servers. An object of this kind also keeps ``.netrc`` out."""

    def __init__(self, token: str | None, servers: Collection[str]) -> None:
        self._token = token
        self._origins = {_origin(server) for server in servers}

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token and _origin(request.url or "") in self._origins:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def without_token(self, text: str) -> str:
        """``text`` as one line in which the token cannot be read."""
        return one_line(text.replace(self._token, "***") if self._token else text, 400)


class _TooLarge(Exception):  # noqa: N818  never leaves this module
    """The body is larger than ``LARGEST_BODY``."""


def _read_body(response: requests.Response, until: float) -> bytes:
    """The decompressed body.

    :raises _TooLarge: it is too large; no more than the limit was ever held.
    :raises TimeoutError: it is not complete at the time ``until``.
    """
    body = bytearray()
    # read1() returns what is there; read() would wait for a whole chunk, for ever if it drips.
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _TooLarge
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)


def _reason(error: BaseException) -> str:
    """The system's own word for what went wrong, from inside the errors around it."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        inner = inner.__cause__ or inner.__context__
    return type(error).__name__


def _failure_of(state: tenacity.RetryCallState) -> Failed:
    assert state.outcome is not None
    failure = state.outcome.exception()
    assert isinstance(failure, Failed)
    return failure


def _is_worth_another_attempt(error: BaseException) -> bool:
    return isinstance(error, Failed) and error.policy.attempts > 1


def _attempts_are_used_up(state: tenacity.RetryCallState) -> bool:
    return state.attempt_number >= _failure_of(state).policy.attempts


def _choose_wait(state: tenacity.RetryCallState) -> float:
    return _failure_of(state).seconds_before(state.attempt_number + 1)


def refusal(response: Response) -> Failed:
    """What a status means that says neither yes nor no to the question."""
    status, host = response.status, response.host
    message = _message(response)
    said = f"{status}: {message}" if message else str(status)
    wait = asked_wait(response.headers, response.received)
    if 300 <= status < 400:
        target = _origin_or_none(response.headers.get("location", ""))
        text = f"{host} answered {status}, a redirect to {target or 'nowhere'} (not followed)"
        return Failed(Problem.REDIRECT, text)
    if status == 401:
        text = f"{host} refused the token ({said}): is it expired, or mistyped?"
        return Failed(Problem.TOKEN, text)
    if status in {403, 429}:
        return _limit(response, message, wait) or Failed(
            Problem.FORBIDDEN, f"{host} does not allow it ({said})"
        )
    if status in {502, 504}:
        return Failed(Problem.GAVE_UP, f"{host} answered {status}", wait)
    if status >= 500:
        return Failed(Problem.SERVER, f"{host} answered {status}", wait)
    return Failed(Problem.REFUSED, f"{host} answered {said}")


def _limit(response: Response, message: str, wait: float | None) -> Failed | None:
    """The limit that a 403 or 429 means; None where it means none."""
    host = response.host
    is_used_up = response.headers.get("x-ratelimit-remaining", "").strip() == "0"
    if "secondary rate limit" in message.lower() or (wait is not None and not is_used_up):
        return Failed(Problem.TOO_FAST, f"{host} asks to slow down", wait)
    if is_used_up:
        return Failed(Problem.LIMIT, f"the hourly limit of {host} is used up", wait)
    if response.status == 429:
        return Failed(Problem.TOO_FAST, f"{host} asks to slow down", wait)
    return None


def _origin_or_none(url: str) -> str | None:
    """Who is named in ``url``, fit for a message."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


class _Message(msgspec.Struct):
    message: str = ""


def _message(response: Response) -> str:
    """The words with which GitHub explains a status, empty where there are none."""
    try:
        return one_line(msgspec.json.decode(response.body, type=_Message).message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def decode(response: Response, kind: type[T]) -> T:
    """The JSON of an answer as a ``kind``.

    :raises Failed: it is not JSON, or something else.
    """
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not re.fullmatch(r"application/(?:[a-z0-9.+-]+\+)?json", media_type):
        what = f"{one_line(media_type) or 'something'} instead of JSON"
        raise Failed(Problem.NONSENSE, f"{response.host} answered {what}")
    try:
        return msgspec.json.decode(response.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = f"{response.host} answered what cannot be read ({one_line(str(error), 100)})"
        raise Failed(Problem.NONSENSE, text) from None
