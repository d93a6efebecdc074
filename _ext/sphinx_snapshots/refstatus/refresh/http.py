"""One request over HTTP: bounded in time and size, retried with backoff, careful with the token."""

from __future__ import annotations

import math
import re
import time
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3
from requests.auth import AuthBase

from ..model import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

T = TypeVar("T")

# Limits --------------------------------------------------------------------------------

#: Seconds to make a connection.
CONNECT_TIMEOUT: Final = 10.0
#: Seconds that a server may be silent, and that a whole body may take. GitHub gives up by itself
#: after 10.
TIMEOUT = 30.0
#: The most that a body may hold, in bytes after decompression; a right one holds 100 kB.
LARGEST_BODY: Final = 16 * 1024 * 1024
#: After so many failures without any success between them, it is not the items.
FAILURES_IN_A_ROW: Final = 12

_CHUNK: Final = 64 * 1024
_USER_AGENT: Final = "refstatus (tracker states for documentation)"


class Failure(Enum):
    """Why a request brought no usable response, as far as that says what to do next."""

    #: GitHub's primary or secondary rate limit, or HTTP's 429.
    RATE_LIMIT = auto()
    #: 5xx.
    SERVER_ERROR = auto()
    #: 502, 504, GitHub's "Something went wrong": the server gave up on this question.
    GATEWAY_TIMEOUT = auto()
    #: No connection, a timeout, or a response that is not what the protocol says.
    CONNECTION = auto()
    #: The question costs more than the server is willing to spend.
    TOO_COSTLY = auto()
    #: This cannot be had; other items may.
    ITEM = auto()
    #: A refused token, a redirect, no certificate, a body too large, a question that is wrong.
    FATAL = auto()


class Policy(NamedTuple):
    """What is done about a failure.

    :param attempts: how often in all the same request is sent.
    :param backoff: seconds before the second attempt, doubled for each one after it; counts only
        where the server does not say how long to wait.
    :param is_fatal: whether nothing more can be asked then. Otherwise the caller may ask for less.
    """

    attempts: int = 1
    backoff: float = 0
    is_fatal: bool = False


#: GitHub asks for a minute at least where it gives no time ("Rate limits and query limits for the
#: GraphQL API", "Exceeding the rate limit", in its documentation).
POLICIES: Final = {
    Failure.RATE_LIMIT: Policy(attempts=4, backoff=60, is_fatal=True),
    Failure.SERVER_ERROR: Policy(attempts=4, backoff=1),
    Failure.GATEWAY_TIMEOUT: Policy(attempts=2, backoff=1),
    Failure.CONNECTION: Policy(attempts=4, backoff=1, is_fatal=True),
    Failure.TOO_COSTLY: Policy(),
    Failure.ITEM: Policy(),
    Failure.FATAL: Policy(is_fatal=True),
}


class RequestError(Exception):
    """A request brought no usable response. The text says who did what, without a full stop.

    :param wait: seconds that the server asks to wait; None where it does not say.
    """

    def __init__(self, failure: Failure, text: str, wait: float | None = None) -> None:
        super().__init__(text)
        self.failure = failure
        self.wait = wait


class Stopped(Exception):  # noqa: N818  stopping early is an outcome here, not a programming error
    """Nothing more can be asked: a limit, the token, the network.

    The text is one sentence for a person, and never holds a token.
    """


# Where to ask --------------------------------------------------------------------------


class Addresses(NamedTuple):
    """Where to ask. Every address is https, or http on this machine, without a slash at its end."""

    graphql: str = "https://api.github.com/graphql"
    rest: str = "https://api.github.com"
    bpo: str = "https://bugs.python.org"

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


# Requests ------------------------------------------------------------------------------


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


class HttpClient:
    """Asks servers, one question at a time.

    :param max_wait: seconds that may be waited before one answer.
    :param announce: is told, in one line each, of every wait.
    :param token: is sent to the servers of ``token_for``, and nowhere else.
    """

    def __init__(
        self,
        *,
        max_wait: float,
        announce: Callable[[str], None],
        token: str | None = None,
        token_for: Collection[str] = (),
    ) -> None:
        self._max_wait = max_wait
        self._announce = announce
        self._authorization = _Authorization(token, token_for)
        self._session = _Session()
        self._failures_in_a_row = 0

    def fetch(
        self,
        request: Request,
        read: Callable[[Response], T],
        *,
        expected: Collection[int] = frozenset({200}),
    ) -> T:
        """What ``read`` makes of the response. Retries, with backoff, where that may help.

        :param read: raises ``RequestError`` for a response that it cannot use.
        :param expected: the HTTP statuses that ``read`` is for.
        :raises RequestError: this question has no answer, others may have one.
        :raises Stopped: nothing more can be asked.
        """
        attempt, waited = 1, 0.0
        while True:
            try:
                value = self._fetch_once(request, read, expected)
            except RequestError as error:
                policy = POLICIES[error.failure]
                if attempt == policy.attempts:
                    self._give_up(error, is_fatal=policy.is_fatal)
                seconds = policy.backoff * 2 ** (attempt - 1) if error.wait is None else error.wait
                waited += seconds
                if waited > self._max_wait:
                    raise Stopped(
                        f"{error}; to wait for {in_words(seconds)} is longer than allowed "
                        f"({in_words(self._max_wait)} for one answer): run again later"
                    ) from None
                self._announce(f"{error}; waiting {in_words(seconds)}")
                self.pause(seconds)
                attempt += 1
            else:
                self._failures_in_a_row = 0
                return value

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def without_token(self, text: str) -> str:
        """``text`` of a server as one line: what it sends back may hold what it was sent."""
        return self._authorization.without_token(text)

    def _fetch_once(
        self, request: Request, read: Callable[[Response], T], expected: Collection[int]
    ) -> T:
        try:
            response = self._send(request)
            if response.status not in expected:
                raise _error_of(response)
            return read(response)
        except RequestError as error:
            text = self.without_token(str(error))
            raise RequestError(error.failure, text, error.wait) from None

    def _give_up(self, error: RequestError, *, is_fatal: bool) -> NoReturn:
        """Say whether others may have an answer although this question has none."""
        if is_fatal:
            raise Stopped(str(error)) from None
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= FAILURES_IN_A_ROW:
            times = f"{self._failures_in_a_row} questions in a row were not answered"
            raise Stopped(f"{times}; the last one: {error}") from None
        raise error

    def _send(self, request: Request) -> Response:
        """Send and receive, once.

        :raises RequestError: no complete response came.
        """
        host = urlsplit(request.url).netloc
        until = time.monotonic() + TIMEOUT
        # Plain http is for this machine only, and a proxy would carry it away.
        self._session.trust_env = urlsplit(request.url).scheme == "https"
        try:
            with self._session.request(
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
                timeout=(min(CONNECT_TIMEOUT, TIMEOUT), TIMEOUT),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _read_body(response, until)
                return Response(
                    request.url, response.status_code, response.headers, body, time.time()
                )
        except (requests.exceptions.SSLError, urllib3.exceptions.SSLError):
            text = f"{host} has no certificate that this machine trusts"
            raise RequestError(Failure.FATAL, text) from None
        except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError):
            text = f"{host} did not answer within {in_words(TIMEOUT)}"
            raise RequestError(Failure.CONNECTION, text) from None
        except requests.ConnectionError as error:
            text = f"{host} cannot be reached ({_reason(error)})"
            raise RequestError(Failure.CONNECTION, text) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            # Their own texts may hold addresses of proxies, with passwords.
            text = f"{host} sent an answer that is broken ({type(error).__name__})"
            raise RequestError(Failure.CONNECTION, text) from None


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


def _read_body(response: requests.Response, until: float) -> bytes:
    """The decompressed body.

    :raises RequestError: it is too large; no more than the limit was ever held.
    :raises TimeoutError: it is not complete at the time ``until``.
    """
    body = bytearray()
    # read1() returns what is there; read() would wait for a whole chunk, for ever if it drips.
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > LARGEST_BODY:
            host = urlsplit(response.url).netloc
            text = f"{host} answered more than {LARGEST_BODY // 1024**2} MiB"
            raise RequestError(Failure.FATAL, text)
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


# Responses -----------------------------------------------------------------------------


def _error_of(response: Response) -> RequestError:
    """What a status means that says neither yes nor no to the question."""
    status, host = response.status, response.host
    try:
        message = one_line(msgspec.json.decode(response.body, type=_Message).message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = ""
    said = f"{status}: {message}" if message else str(status)
    wait = retry_after(response.headers, response.received)
    if 300 <= status < 400:
        target = _host_or_none(response.headers.get("location", ""))
        text = f"{host} answered {status}, a redirect to {target or 'nowhere'} (not followed)"
        return RequestError(Failure.FATAL, text)
    if status == 401:
        text = f"{host} refused the token ({said}): is it expired, or mistyped?"
        return RequestError(Failure.FATAL, text)
    if status in {403, 429}:
        text = f"{host} does not allow it ({said})"
        is_used_up = response.headers.get("x-ratelimit-remaining", "").strip() == "0"
        is_secondary = "secondary rate limit" in message.lower() or (
            not is_used_up and (wait is not None or status == 429)
        )
        if is_secondary or is_used_up:
            return rate_limit_error(host, wait, is_secondary=is_secondary)
        return RequestError(Failure.ITEM, text)
    if status >= 500:
        failure = Failure.GATEWAY_TIMEOUT if status in {502, 504} else Failure.SERVER_ERROR
        return RequestError(failure, f"{host} answered {status}", wait)
    return RequestError(Failure.FATAL, f"{host} answered {said}")


def rate_limit_error(host: str, wait: float | None, *, is_secondary: bool) -> RequestError:
    """One of GitHub's rate limits: that of the hour, or the secondary one for too much at once."""
    if is_secondary:
        text = f"{host} asks to slow down (secondary rate limit)"
    else:
        text = f"the hourly rate limit of {host} is used up"
    return RequestError(Failure.RATE_LIMIT, text, wait)


def _host_or_none(url: str) -> str | None:
    """Who is named in ``url``, fit for a message."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


class _Message(msgspec.Struct):
    """How GitHub explains a status."""

    message: str = ""


def decode(response: Response, kind: type[T]) -> T:
    """The JSON of a response as a ``kind``.

    :raises RequestError: it is not JSON, or something else.
    """
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not re.fullmatch(r"application/(?:[a-z0-9.+-]+\+)?json", media_type):
        what = f"{one_line(media_type) or 'something'} instead of JSON"
        raise RequestError(Failure.CONNECTION, f"{response.host} answered {what}")
    try:
        return msgspec.json.decode(response.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = f"{response.host} answered what cannot be read ({one_line(str(error), 100)})"
        raise RequestError(Failure.CONNECTION, text) from None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a response asks to wait before the next request; None where it does not say.

    Times are compared with the server's own clock where it sends one: ours may be wrong.

    :param headers: the headers, in any case of letters.
    :param now: seconds since the epoch.
    """
    now = _date(headers.get("date", ""), now)
    after = headers.get("retry-after", "").strip()
    if _is_count(after):
        return float(after)
    if after and (until := _date(after, math.nan)) > 0:
        return max(1.0, until - now)
    reset = headers.get("x-ratelimit-reset", "").strip()
    if headers.get("x-ratelimit-remaining", "").strip() == "0" and _is_count(reset):
        return max(1.0, float(reset) - now)
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _date(text: str, default: float) -> float:
    """Seconds since the epoch that an HTTP date means."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return default


def in_words(seconds: float) -> str:
    """A time as people say it: ``2 s``, ``15 min``, ``1 h 5 min``; never less than it is."""
    whole = math.ceil(seconds)
    if whole < 120:
        return f"{whole} s"
    hours, minutes = divmod(math.ceil(whole / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
