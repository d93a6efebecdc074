"""One exchange: how long, how much, how often, and who gets the token."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from certificates import make_certificate
from patience import be_impatient
from sphinx_snapshots.refstatus.refresh.http import (
    Addresses,
    Failure,
    HttpClient,
    Request,
    RequestError,
    Response,
    Stopped,
    decode,
    in_words,
    is_below,
    retry_after,
)
from stand_in import Exchange, StandIn, faults

if TYPE_CHECKING:
    from collections.abc import Callable

    Fault = Callable[[Exchange], None]

TOKEN = "ghp_aSecretThatNobodyMaySee0123456789"
NOW = 1_800_000_000.0


class Client:
    """A client that asks the stand-in, and what it has announced."""

    def __init__(self, server: StandIn, *, max_wait: float = 900) -> None:
        self.said: list[str] = []
        self._server = server
        self.http = HttpClient(
            max_wait=max_wait,
            announce=self.said.append,
            token=TOKEN,
            token_for=[server.addresses.rest],
        )

    def ask(self, url: str | None = None) -> object:
        """The JSON at ``url``, where usually nothing is but a fault."""
        request = Request(url or f"{self._server.addresses.rest}/x")
        return self.http.fetch(request, lambda response: decode(response, object))


GOOD = faults.json_text(b'{"good": true}')


# How long, how much, how often


@pytest.mark.parametrize(
    ("fault", "attempts", "text"),
    [
        (faults.no_answer, 4, "{host} did not answer within 1 s"),
        (faults.drip, 4, "{host} did not answer within 1 s"),
        (faults.truncated, 4, "{host} sent an answer that is broken (ProtocolError)"),
        (faults.truncated_chunks, 4, "{host} sent an answer that is broken (ProtocolError)"),
        (faults.reset, 4, "{host} cannot be reached (Connection reset by peer)"),
        (faults.html(200), 4, "{host} answered text/html instead of JSON"),
        (faults.wrong_type, 4, "{host} answered text/plain instead of JSON"),
        (faults.json_text(b'{"good": tr'), 4, "{host} answered what cannot be read (Input"),
        (faults.json_text(b'"\xff\xfe"'), 4, "{host} answered what cannot be read ("),
        (faults.json_text(b"[" * 100_000), 4, "{host} answered what cannot be read ("),
        (faults.json_text(b""), 4, "{host} answered what cannot be read (Input"),
    ],
)
def test_an_answer_that_does_not_come_whole_is_asked_for_again(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, fault: Fault, attempts: int, text: str
) -> None:
    if "did not answer" in text:
        be_impatient(monkeypatch, {0, *range(2, 2 + attempts)})
    client = Client(server)
    server.fail("api", fault, GOOD)
    assert client.ask() == {"good": True}
    assert server.waits == [1]
    text = text.replace("{host}", server.address.removeprefix("http://"))
    assert client.said[0].startswith(text)
    assert client.said[0].endswith("; waiting 1 s")

    server.always_fail("api", fault)
    with pytest.raises(Stopped) as stopped:
        client.ask()
    assert str(stopped.value).startswith(text)
    assert len(server.requests) == 2 + attempts
    assert server.waits[1:] == [1, 2, 4][: attempts - 1]


@pytest.mark.parametrize(
    ("fault", "failure", "attempts"),
    [
        (faults.html(500), Failure.SERVER_ERROR, 4),
        (faults.html(503), Failure.SERVER_ERROR, 4),
        (faults.html(502), Failure.GATEWAY_TIMEOUT, 2),
        (faults.gateway_timeout, Failure.GATEWAY_TIMEOUT, 2),
        (faults.forbidden, Failure.ITEM, 1),
    ],
)
def test_what_may_be_the_fault_of_one_item_fails_for_this_one(
    server: StandIn, fault: Fault, failure: Failure, attempts: int
) -> None:
    client = Client(server)
    server.always_fail("api", fault)
    with pytest.raises(RequestError) as failed:
        client.ask()
    assert failed.value.failure is failure
    assert len(server.requests) == attempts
    assert len(client.said) == len(server.waits) == attempts - 1


@pytest.mark.parametrize("fault", [faults.single_sign_on(403), faults.long_message])
def test_the_address_to_follow_is_shown(server: StandIn, fault: Fault) -> None:
    client = Client(server)
    server.always_fail("api", fault)
    with pytest.raises(RequestError) as failed:
        client.ask()
    assert failed.value.failure is Failure.ITEM
    assert faults.SIGN_ON in str(failed.value)


def test_no_part_of_the_token_is_left_where_a_message_is_cut(server: StandIn) -> None:
    client = Client(server)
    for length in range(900, 1_000, 5):
        server.always_fail("api", faults.echo_after(length))
        with pytest.raises((RequestError, Stopped)) as failed:
            client.ask()
        assert TOKEN[:8] not in str(failed.value)


def test_what_ends_it_ends_it_at_any_attempt(server: StandIn) -> None:
    client = Client(server)
    server.fail("api", faults.html(503), faults.bad_token, GOOD)
    with pytest.raises(Stopped, match=" refused the token "):
        client.ask()
    assert len(server.requests) == 2


def test_many_failures_without_a_success_are_not_the_fault_of_the_items(server: StandIn) -> None:
    client = Client(server)
    server.fail("api", *[faults.forbidden] * 11, GOOD, *[faults.forbidden] * 12)

    def ask_in_vain() -> None:
        with pytest.raises(RequestError):
            client.ask()

    for _ in range(11):
        ask_in_vain()
    client.ask()
    for _ in range(11):
        ask_in_vain()
    with pytest.raises(Stopped, match=r"^12 questions in a row were not answered; the last one: "):
        client.ask()


def test_an_answer_of_300_mb_costs_little_memory_packed_or_not() -> None:
    program = """
from sphinx_snapshots.refstatus.refresh.http import HttpClient, Request, Stopped
from stand_in import Exchange, StandIn, faults
from used_memory import most_used

for fault in (faults.huge, faults.gzip_bomb, faults.huge_redirect):
    with StandIn() as server:
        server.fail("api", fault)
        before = most_used()
        try:
            HttpClient(max_wait=0, announce=print).fetch(Request(server.addresses.rest), repr)
        except Stopped as stopped:
            words = str(stopped).partition(" ")[2]
        print(fault.__name__, most_used() - before < 60_000, words)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.splitlines() == [
        "huge True answered more than 16 MiB",
        "gzip_bomb True answered more than 16 MiB",
        "huge_redirect True answered more than 16 MiB",
    ], done.stderr


def test_a_server_that_is_not_there_is_named(server: StandIn) -> None:
    client = Client(server)
    # Nothing listens on the port of a server that has ended.
    with StandIn() as gone:
        address = gone.address
    with pytest.raises(Stopped) as stopped:
        client.ask(address)
    host = address.removeprefix("http://")
    assert str(stopped.value) == f"{host} cannot be reached (Connection refused)"
    assert server.waits == [1, 2, 4]


def test_a_server_that_cannot_prove_who_it_is_is_not_asked_twice(server: StandIn) -> None:
    client = Client(server)
    with pytest.raises(Stopped, match=r" has no certificate that this machine trusts$"):
        client.ask(server.address.replace("http:", "https:"))
    assert server.waits == []


# Limits


@pytest.mark.parametrize("status", [403, 429])
def test_the_limit_of_the_hour_is_waited_for_to_the_second(server: StandIn, status: int) -> None:
    client = Client(server)
    server.fail("api", faults.primary_limit(status, 58), GOOD)
    client.ask()
    (seconds,) = server.waits
    assert seconds in {57, 58}  # a second may have begun since
    host = server.address.removeprefix("http://")
    assert client.said == [f"the hourly rate limit of {host} is used up; waiting {seconds:.0f} s"]
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(("retry_after", "seconds"), [("2", 2), ("75", 75), (None, 60)])
def test_who_is_too_fast_waits_as_told_or_a_minute(
    server: StandIn, status: int, retry_after: str | None, seconds: int
) -> None:
    client = Client(server)
    server.fail("api", faults.secondary_limit(status, retry_after, seconds), GOOD)
    client.ask()
    assert client.said[0].endswith(
        f" asks to slow down (secondary rate limit); waiting {seconds} s"
    )
    assert server.waits == [seconds]
    assert len(server.requests) == 2


def test_who_is_still_too_fast_waits_twice_as_long_each_time(server: StandIn) -> None:
    client = Client(server)
    server.fail("api", faults.secondary_limit(403, None, 10_000))
    with pytest.raises(Stopped, match=r" asks to slow down \(secondary rate limit\)$"):
        client.ask()
    assert server.waits == [60, 120, 240]


@pytest.mark.parametrize(
    "fault", [faults.primary_limit(403, 3_000), faults.secondary_limit(403, "3000", 3_000)]
)
def test_a_wait_beyond_the_cap_stops_at_once_and_says_how_long_it_would_be(
    server: StandIn, fault: Fault
) -> None:
    client = Client(server, max_wait=900)
    server.fail("api", fault)
    with pytest.raises(Stopped) as stopped:
        client.ask()
    assert str(stopped.value).endswith(
        "; to wait for 50 min is longer than allowed (15 min for one answer): run again later"
    )
    assert server.waits == []
    assert len(server.requests) == 1


def test_the_cap_is_for_all_waits_before_one_answer(server: StandIn) -> None:
    client = Client(server, max_wait=180)
    server.fail("api", faults.secondary_limit(403, None, 10_000))
    with pytest.raises(
        Stopped, match=r"to wait for 4 min is longer than allowed \(3 min for one answer\)"
    ):
        client.ask()
    assert server.waits == [60, 120]


def test_waiting_takes_its_time(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    said: list[str] = []
    client = HttpClient(max_wait=10, announce=said.append)
    server.fail("api", faults.secondary_limit(429, "1", 1), GOOD)
    client.fetch(Request(server.addresses.rest), repr)
    first, second = (request.time for request in server.requests)
    assert 1 <= second - first < 5
    assert len(said) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "9" * 100}, None),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:40 GMT"}, 40),
        ({"retry-after": "Fri, 15 Jan 2027 07:00:00 GMT"}, 1),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000090"}, 90),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000000"}, 1),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": "1800000090"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "nan"}, None),
        (
            {"retry-after": "3", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000090"},
            3,
        ),
        # The clock of the server counts, which here is ten seconds behind.
        (
            {
                "date": "Fri, 15 Jan 2027 07:59:50 GMT",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "1800000090",
            },
            100,
        ),
    ],
)
def test_how_long_an_answer_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (2, "2 s"),
        (119, "119 s"),
        (120, "2 min"),
        (121, "3 min"),
        (3_590, "1 h"),
        (3_600, "1 h"),
        (3_900, "1 h 5 min"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


# Who gets the token


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server: StandIn, status: int) -> None:
    with StandIn() as other:
        server.fail("api", faults.redirect(status, f"{other.address}/api/x"))
        with pytest.raises(Stopped) as stopped:
            Client(server).ask()
        assert other.requests == []
    host = server.address.removeprefix("http://")
    assert str(stopped.value) == f"{host} answered {status}, a redirect to 127.0.0.1 (not followed)"
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["/api/x", "", "http://[", "\x1b[2J", "x" * 60_000])
def test_a_redirect_that_leads_nowhere_or_back_ends_it(server: StandIn, location: str) -> None:
    server.fail("api", faults.redirect(307, location))
    with pytest.raises(Stopped) as stopped:
        Client(server).ask()
    assert str(stopped.value).endswith("answered 307, a redirect to nowhere (not followed)")
    assert len(server.requests) == 1


def test_the_token_goes_to_its_own_server_only(server: StandIn) -> None:
    client = Client(server)
    with StandIn() as other:
        other.always_fail("api", GOOD)
        client.ask(other.addresses.rest)
        server.fail("api", GOOD)
        client.ask()
        (request,) = other.requests
        assert TOKEN not in repr(request)
    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_neither_netrc_nor_a_proxy_comes_between(
    server: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.fail("api", *[GOOD] * 2)
    with StandIn() as proxy:
        for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.address)
        Client(server).ask()
        HttpClient(max_wait=0, announce=print).fetch(Request(server.addresses.rest), repr)
        assert proxy.requests == []
    with_token, without = server.requests
    assert with_token.headers["Authorization"] == f"Bearer {TOKEN}"
    assert "Authorization" not in without.headers


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine, with its key, as PEM."""
    return make_certificate(tmp_path)


def test_over_https_a_proxy_may_be_used_but_netrc_is_not(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "public.pem"))
    with StandIn(certificate=certificate) as server:
        server.fail("api", *[GOOD] * 2)
        Client(server).ask()
        HttpClient(max_wait=0, announce=print).fetch(Request(server.addresses.rest), repr)
        with_token, without = server.requests
        assert with_token.headers["Authorization"] == f"Bearer {TOKEN}"
        assert "Authorization" not in without.headers
        with StandIn() as proxy:
            monkeypatch.setenv("https_proxy", proxy.address)
            with pytest.raises(Stopped):
                Client(server).ask()
            # It is asked to pass on what it cannot read.
            assert {request.method for request in proxy.requests} == {"CONNECT"}
            assert TOKEN not in repr(proxy.requests)


def test_a_certificate_that_nobody_trusts_ends_it(certificate: Path) -> None:
    with StandIn(certificate=certificate) as server:
        with pytest.raises(Stopped, match=r" has no certificate that this machine trusts$"):
            Client(server).ask()
        assert (server.requests, server.waits) == ([], [])


def test_cookies_are_not_kept(server: StandIn) -> None:
    def set_a_cookie(exchange: Exchange) -> None:
        exchange.send(200, b"{}", "application/json", {"Set-Cookie": "a=b"})

    client = Client(server)
    server.fail("api", set_a_cookie, GOOD)
    client.ask()
    client.ask()
    assert "Cookie" not in server.requests[1].headers


@pytest.mark.parametrize(
    "fault",
    [
        faults.bad_token,
        faults.echo_of_the_token,
        faults.forbidden,
        faults.reset,
        faults.truncated,
        faults.no_answer,
        faults.html(200),
        faults.html(502),
        faults.redirect(302, f"https://example.org/{TOKEN}"),
        faults.redirect(302, f"https://{TOKEN}.example.org/"),
        faults.primary_limit(403, 2),
        faults.json_text(TOKEN.encode()),
    ],
)
def test_the_token_is_told_to_nobody(
    server: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    if fault is faults.no_answer:
        be_impatient(monkeypatch, range(9))
    client = Client(server)
    server.always_fail("api", fault)
    with pytest.raises((Stopped, RequestError)) as caught:
        client.ask()
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    told = [*client.said, str(caught.value), repr(caught.value), *shown.format(), repr(client)]
    assert TOKEN not in "\n".join([*told, caplog.text, repr(vars(client.http))])


def test_a_server_that_does_not_know_the_token_is_asked_once(server: StandIn) -> None:
    server.always_fail("api", faults.bad_token)
    with pytest.raises(Stopped) as stopped:
        Client(server).ask()
    host = server.address.removeprefix("http://")
    assert str(stopped.value) == (
        f"{host} refused the token (401: Bad credentials): is it expired, or mistyped?"
    )
    assert len(server.requests) == 1


def test_what_a_server_says_becomes_one_harmless_line(server: StandIn) -> None:
    def shout(exchange: Exchange) -> None:
        exchange.send_json(400, {"message": "\x1b[2J\n::error::" + "x" * 100_000})

    server.fail("api", shout)
    with pytest.raises(Stopped) as stopped:
        Client(server).ask()
    assert str(stopped.value).isprintable()
    assert len(str(stopped.value)) <= 1_000


# Addresses


def test_the_usual_addresses_are_those_of_the_real_servers() -> None:
    assert Addresses.from_environment({"GITHUB_API_URL": " "}) == Addresses(
        "https://api.github.com/graphql",
        "https://api.github.com",
        "https://bugs.python.org",
        "https://peps.python.org",
    )


def test_addresses_come_from_the_environment(server: StandIn) -> None:
    assert Addresses.from_environment(server.environment()) == server.addresses
    enterprise = {"GITHUB_API_URL": "https://github.example.org/api/v3/"}
    assert Addresses.from_environment(enterprise).rest == "https://github.example.org/api/v3"
    for host in ("localhost", "127.0.0.2:80", "[::1]:8080"):
        bpo = f"http://{host}/x"
        assert Addresses.from_environment({"REFSTATUS_BPO_URL": bpo}).bpo == bpo


@pytest.mark.parametrize("variable", ["GITHUB_GRAPHQL_URL", "GITHUB_API_URL", "REFSTATUS_BPO_URL"])
@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://api.github.com", "plain http"),
        ("http://127.0.0.1.example.org", "plain http"),
        ("http://localhost.example.org", "plain http"),
        ("ftp://api.github.com", "write it as https"),
        ("api.github.com", "write it as https"),
        ("https:///graphql", "write it as https"),
        ("https://[", "not an address"),
        ("https://host:port", "not an address"),
        ("https://user:password@api.github.com", "must not hold a user"),
        ("http://127.0.0.1@example.org", "must not hold a user"),
        ("https://api.github.com?x=1", "must not hold a user, a query"),
        ("https://api.github.com#x", "must not hold a user, a query or a fragment"),
        ("https://api.github.com\\@example.org", "without spaces and backslashes"),
        ("https://api.git\nhub.com", "without spaces"),
        ("https://api.g\u0456thub.com", "ASCII"),
    ],
)
def test_an_address_that_might_show_the_token_is_refused(
    variable: str, address: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem) as error:
        Addresses.from_environment({variable: address})
    assert str(error.value).startswith(f"{variable} is ")
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("url", "below"),
    [
        ("https://api.github.com/repos/o/r", True),
        ("https://API.github.com/x", True),
        ("https://api.github.com", True),
        ("https://api.github.com.example.org/x", False),
        ("https://api.github.com:444/x", False),
        ("https://user@api.github.com/x", False),
        ("http://api.github.com/x", False),
        ("//api.github.com/x", False),
        ("/repos/o/r", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_what_is_on_the_same_server(url: str, *, below: bool) -> None:
    assert is_below(url, "https://api.github.com") is below


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/api/v3/x", True),
        ("/api/v3", True),
        ("/api/v33", False),
        ("/", False),
        ("/api/v3/../x", False),
    ],
)
def test_what_is_further_down(path: str, *, below: bool) -> None:
    assert is_below(f"https://host{path}", "https://host/api/v3") is below


def test_json_is_known_by_its_type() -> None:
    for kind in (
        "application/json; charset=utf-8",
        "application/vnd.github+json",
        "Application/JSON",
    ):
        assert decode(Response("https://host/", 200, {"content-type": kind}, b"1", NOW), int) == 1
    for kind in ("text/json", "application/jsonp", "", "application/json2"):
        with pytest.raises(RequestError):
            decode(Response("https://host/", 200, {"content-type": kind}, b"1", NOW), int)


def test_the_clock_of_the_tests_does_not_stand_still() -> None:
    with StandIn() as server:
        before = server.now()
        server.sleep(100)
        assert 100 <= server.now() - before < 110
        assert abs(server.now() - 100 - time.time()) < 10
