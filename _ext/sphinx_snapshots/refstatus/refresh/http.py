"""One request over HTTP: bounded in time and size, retried with backoff, careful with the token."""

from __future__ import annotations

import math
import re
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from enum import Enum
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3

from ..linklist import PEPS
from ..model import one_line
from .report import LONGEST_LINE

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
    """Why a request brought no usable response, as far as that says what to do next.

    The value is what happened; the seconds before the second attempt and those after it, which
    count only where the server does not say how long to wait; and whether nothing more can be
    asked after the last attempt. Otherwise the caller may ask for less.
    """

    _value_: tuple[str, tuple[float, ...], bool]

    # GitHub asks for a minute at least where it gives no time ("Rate limits and query limits for
    # the GraphQL API", "Exceeding the rate limit", in its documentation).
    RATE_LIMIT = "GitHub's primary or secondary rate limit, or HTTP's 429", (60, 120, 240), True
    SERVER_ERROR = "5xx", (1, 2, 4), False
    GATEWAY_TIMEOUT = "502, 504, 'Something went wrong': it gave up on this question", (1,), False
    CONNECTION = "no connection, a timeout, or not what the protocol says", (1, 2, 4), True
    TOO_COSTLY = "the question costs more than the server is willing to spend", (), False
    ITEM = "this cannot be had; other items may", (), False
    FATAL = "a refused token, a redirect, no certificate, a wrong or too large body", (), True


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
    peps: str = f"https://{PEPS}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Addresses:
        """The usual addresses, or those that the environment names.

        ``GITHUB_GRAPHQL_URL`` and ``GITHUB_API_URL`` are GitHub Actions' own variables.

        :raises ValueError: one of them cannot be used; the message says which and why.
        """
        variables = (
            "GITHUB_GRAPHQL_URL",
            "GITHUB_API_URL",
            "REFSTATUS_BPO_URL",
            "REFSTATUS_PEPS_URL",
        )
        addresses = {}
        for field, variable in zip(cls._fields, variables, strict=True):
            address = environ.get(variable, "").strip().rstrip("/")
            if address and (problem := _find_problem(address)):
                raise ValueError(f"{variable} is {one_line(address)!r}: {problem}")
            if address:
                addresses[field] = address
        return cls(**addresses)

    @classmethod
    def of_host(cls, host: str, api: str) -> Addresses:
        """Those of a further host that speaks GitHub's API.

        An Enterprise Server has ``https://HOST/api/v3`` and ``https://HOST/api/graphql``, GitHub's
        own servers have ``https://api.HOST`` and ``https://api.HOST/graphql``.

        :param api: where the API begins, with or without the ``/v3``.
        :raises ValueError: that cannot be used.
        """
        base = api.rstrip("/").removesuffix("/v3")
        if problem := _find_problem(base):
            raise ValueError(f"refstatus_github_hosts: {host} has {one_line(api)!r}: {problem}")
        return cls(f"{base}/graphql", f"{base}/v3" if base.endswith("/api") else base)


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
    if parts.scheme == "https" or host == "localhost":
        return None
    with suppress(ValueError):
        if ip_address(host).is_loopback:
            return None
    return "plain http would show a token to others; write https"


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
        self._session = _Session(token, token_for)
        self._failures_in_a_row = 0
        self.without_token = self._session.without_token

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
        waited = 0.0
        for attempt in count():
            try:
                value = read(_check_status(self._send(request), expected))
            except RequestError as error:
                (_, backoff, is_fatal), wait = error.failure.value, error.wait
                failed = RequestError(error.failure, self.without_token(str(error)), wait)
            else:
                self._failures_in_a_row = 0
                return value
            if attempt >= len(backoff):
                break
            seconds = backoff[attempt] if wait is None else wait
            waited += seconds
            if waited > self._max_wait:
                raise Stopped(
                    f"{failed}; to wait for {in_words(seconds)} is longer than allowed "
                    f"({in_words(self._max_wait)} for one answer): run again later"
                )
            self._announce(f"{failed}; waiting {in_words(seconds)}")
            self.pause(seconds)
        if is_fatal:
            raise Stopped(str(failed))
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= FAILURES_IN_A_ROW:
            times = f"{self._failures_in_a_row} questions in a row were not answered"
            raise Stopped(f"{times}; the last one: {failed}")
        raise failed

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def _send(self, request: Request) -> Response:
        """Send and receive, once.

        :raises RequestError: no complete response came.
        """
        scheme, host = urlsplit(request.url)[:2]
        until = time.monotonic() + TIMEOUT
        # Plain http is for this machine only, and a proxy would carry it away.
        self._session.trust_env = scheme == "https"
        kind = None if request.body is None else "application/json"
        try:
            with self._session.request(
                "GET" if request.body is None else "POST",
                request.url,
                data=request.body,
                headers={"Accept": request.accept, "Content-Type": kind},
                timeout=(min(CONNECT_TIMEOUT, TIMEOUT), TIMEOUT),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = bytearray()
                # read1() returns what is there; read() would wait for a whole chunk, for ever if
                # it drips.
                while chunk := response.raw.read1(_CHUNK, decode_content=True):
                    body += chunk
                    if len(body) > LARGEST_BODY:
                        text = f"{host} answered more than {LARGEST_BODY // 1024**2} MiB"
                        raise RequestError(Failure.FATAL, text)
                    if time.monotonic() > until:
                        raise TimeoutError
                status, headers = response.status_code, response.headers
                return Response(request.url, status, headers, bytes(body), time.time())
        except (requests.exceptions.SSLError, urllib3.exceptions.SSLError):
            text = f"{host} has no certificate that this machine trusts"
            raise RequestError(Failure.FATAL, text) from None
        except (OSError, urllib3.exceptions.HTTPError) as error:
            match error:
                case (
                    requests.ReadTimeout() | urllib3.exceptions.ReadTimeoutError() | TimeoutError()
                ):
                    text = f"did not answer within {in_words(TIMEOUT)}"
                case requests.ConnectionError():
                    text = f"cannot be reached ({_reason(error)})"
                case _:
                    # Their own texts may hold addresses of proxies, with passwords.
                    text = f"sent an answer that is broken ({type(error).__name__})"
            raise RequestError(Failure.CONNECTION, f"{host} {text}") from None


class _Session(requests.Session):
    """Keeps connections open, gives the token to its own servers, and never shows it.

    It keeps no cookies and follows no redirects. Having an ``auth`` also keeps ``.netrc`` out.
    """

    def __init__(self, token: str | None, token_for: Collection[str]) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.update({"Accept-Encoding": "gzip", "User-Agent": _USER_AGENT})
        self.auth = self._authorize
        self._token = token
        self._origins = {_origin(server) for server in token_for}

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token and _origin(request.url or "") in self._origins:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def without_token(self, text: str) -> str:
        """``text`` of a server as one line: what it sends back may hold what it was sent."""
        return one_line(text.replace(self._token, "***") if self._token else text, LONGEST_LINE)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: a redirect is an answer like any other.

        Session.send() works out the next address even where it does not follow, and reads the
        whole body for that, however large.
        """


def _reason(error: BaseException) -> str:
    """The system's own word for what went wrong, from inside the errors around it."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        inner = inner.__cause__ or inner.__context__
    return type(error).__name__


# Responses -----------------------------------------------------------------------------


def _check_status(response: Response, expected: Collection[int]) -> Response:
    """``response``, if its status is one of ``expected``.

    :raises RequestError: it says neither yes nor no to the question.
    """
    status, host = response.status, response.host
    if status in expected:
        return response
    try:
        message = msgspec.json.decode(response.body, type=_Message).message
        # A part of the token, where this is cut, is beyond what is shown.
        message = one_line(message, 2 * LONGEST_LINE)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = ""
    said = f"{status}: {message}" if message else str(status)
    wait = retry_after(response.headers, response.received)
    failure, text = Failure.FATAL, f"{host} answered {said}"
    if 300 <= status < 400:
        target = None
        with suppress(ValueError):
            target = urlsplit(response.headers.get("location", "")).hostname
        text = f"{host} answered {status}, a redirect to {target or 'nowhere'} (not followed)"
    elif status == 401:
        text = f"{host} refused the token ({said}): is it expired, or mistyped?"
    elif status in {403, 429}:
        is_used_up = response.headers.get("x-ratelimit-remaining", "").strip() == "0"
        is_secondary = "secondary rate limit" in message.lower() or (
            not is_used_up and (wait is not None or status == 429)
        )
        if is_secondary or is_used_up:
            raise rate_limit_error(response, is_secondary=is_secondary)
        text = f"{host} does not allow it ({said}){sign_on_hint(response)}"
        failure = Failure.ITEM
    elif status >= 500:
        failure = Failure.GATEWAY_TIMEOUT if status in {502, 504} else Failure.SERVER_ERROR
        text = f"{host} answered {status}"
    raise RequestError(failure, text, wait)


def rate_limit_error(response: Response, *, is_secondary: bool) -> RequestError:
    """One of GitHub's rate limits: that of the hour, or the secondary one for too much at once."""
    if is_secondary:
        text = f"{response.host} asks to slow down (secondary rate limit)"
    else:
        text = f"the hourly rate limit of {response.host} is used up"
    wait = retry_after(response.headers, response.received)
    return RequestError(Failure.RATE_LIMIT, text, wait)


def sign_on_hint(response: Response) -> str:
    """What to do where an organization wants its single sign-on for a token; empty where none does.

    GitHub sends ``X-GitHub-SSO: required; url=https://…`` then.
    """
    header = response.headers.get("x-github-sso", "")
    match = re.search(r"\burl=(https://[!-~]{1,500})", header)
    if not match:
        return ""
    address = match[1].rstrip(";,")
    return f". The organization wants a single sign-on for this token: open {address}"


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
