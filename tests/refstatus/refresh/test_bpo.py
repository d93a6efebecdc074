"""Asking bugs.python.org: what its answers mean, how fast it is asked, and what if it fails."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.http import Stopped
from sphinx_snapshots.refstatus.refresh.merge import NotFound
from sphinx_snapshots.refstatus.refresh.python_org import ask_bpo, count_requests
from sphinx_snapshots.refstatus.snapshot import BpoRecord, Record
from stand_in import BpoIssue, Exchange, StandIn, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Fault = Callable[[Exchange], None]


class Asked:
    """What came of asking: everything found, what was announced, and what ended it."""

    def __init__(self, server: StandIn, numbers: Iterable[int]) -> None:
        self.said: list[str] = []
        self.records: dict[str, Record] = {}
        self.unanswered: dict[str, str] = {}
        self.stopped: Stopped | None = None
        ids = map(Reference.bpo, numbers)
        address, announce = server.addresses.bpo, self.said.append
        try:
            for answers in ask_bpo(ids, address, max_wait=900, announce=announce):
                for key, answer in answers.items():
                    if isinstance(answer, str):
                        self.unanswered[key] = answer
                    else:
                        self.records[key] = answer
        except Stopped as stopped:
            self.stopped = stopped


def text(words: str) -> Fault:
    def send(exchange: Exchange) -> None:
        exchange.send(200, words.encode(), "text/html")

    return send


def test_an_id_was_moved_or_not_or_never_was(server: StandIn) -> None:
    server.world.bpo |= {40512: BpoIssue(84692), 31337: BpoIssue()}
    asked = Asked(server, [40512, 31337, 999_999, 40512])
    assert asked.records == {
        "bpo-40512": BpoRecord("bpo-40512", github="python/cpython#84692"),
        "bpo-31337": BpoRecord("bpo-31337"),
    }
    assert isinstance(asked.unanswered.pop("bpo-999999"), NotFound)
    assert (asked.unanswered, asked.said, asked.stopped) == ({}, [], None)
    assert len(server.requests) == 3


def test_many_ids_are_asked_for_in_lists(server: StandIn) -> None:
    server.world.bpo |= {number: BpoIssue(number + 1) for number in range(1, 501)}
    server.world.bpo |= {501: BpoIssue()}
    asked = Asked(server, range(1, 503))
    # A list says nothing of what was not moved, or never was: that is asked for by itself.
    assert list(asked.unanswered) == ["bpo-502"]
    assert asked.records == {
        "bpo-501": BpoRecord("bpo-501"),
        **{
            f"bpo-{n}": BpoRecord(f"bpo-{n}", github=f"python/cpython#{n + 1}")
            for n in range(1, 501)
        },
    }
    # Three lists, one id of each to compare with, and two alone.
    assert len(server.requests) == count_requests(502) + 2 == 8
    times = [request.time for request in server.requests]
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(times))
    assert asked.said == []


def drop_github(exchange: Exchange) -> None:
    exchange.send(200, b"id,title\r\n1,11\r\n", "text/csv")


def error_page(exchange: Exchange) -> None:
    exchange.send(404, b"id,github\r\n1,101\r\n", "text/csv")


def lie(exchange: Exchange) -> None:
    exchange.send(200, b"id,github\r\n1,11\r\n2,99\r\n", "text/csv")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (None, "gives no list of ids"),
        (drop_github, "gives no list of ids"),
        (text("id"), "gives no list of ids"),
        (text('id,github\n"\0'), None),
        (text("id,github\n1\n,,,\n1,0\n2,x\n3,https://example.org\n4,\n-5,5\n99,1\n"), None),
        (error_page, "gives no list of ids"),
        (lie, "the list of bpo-1 contradicts its page"),
        (faults.redirect(302, "/"), "gives no list of ids"),
        (faults.html(404), "gives no list of ids"),
        (faults.html(403), "gives no list of ids"),
    ],
)
def test_without_a_list_to_trust_each_id_is_asked_for(
    server: StandIn, fault: Fault | None, words: str | None
) -> None:
    server.world.bpo |= {number: BpoIssue(number + 100) for number in range(1, 31)}
    server.world.has_bpo_lists = fault is not None
    if fault:
        server.fail("bpo", fault)
    asked = Asked(server, range(1, 31))
    assert asked.records == {
        f"bpo-{n}": BpoRecord(f"bpo-{n}", github=f"python/cpython#{n + 100}") for n in range(1, 31)
    }
    if words is not None:
        (said,) = asked.said
        assert said.endswith(f"{words}: 30 ids are asked for one by one, in 8 s or more")


def test_no_more_than_five_are_asked_in_a_second(server: StandIn) -> None:
    server.world.has_bpo_lists = False
    server.world.bpo |= {number: BpoIssue(number + 1) for number in range(1, 31)}
    # Faster, and the stand-in answers 503.
    asked = Asked(server, range(1, 31))
    assert len(asked.records) == 30
    assert len(server.requests) == 31
    times = [request.time for request in server.requests]
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(times))


def test_www_was_there_once(server: StandIn) -> None:
    location = "https://www.github.com/python/cpython/issues/84692"
    server.fail("bpo", faults.redirect(302, location))
    asked = Asked(server, [40512])
    assert asked.records == {"bpo-40512": BpoRecord("bpo-40512", github="python/cpython#84692")}


@pytest.mark.parametrize(
    "location",
    [
        "",
        "https://github.com/python/cpython/pull/84692",
        "https://github.com/python/cpython/issues/",
        "https://github.com/python/cpython/issues/0",
        "https://github.com/python/cpython/issues/84692/x",
        "https://github.com/python/cpython/issues/84692?x=1",
        "https://github.com/python/cpython/issues/84692#x",
        "https://github.com/python/peps/issues/84692",
        "https://github.com/python/cpython/commit/1234567",
        "http://github.com/python/cpython/issues/84692",
        "https://github.com.example.org/python/cpython/issues/84692",
        "https://example.org/https://github.com/python/cpython/issues/84692",
        "https://user@github.com/python/cpython/issues/84692",
        "https://bugs.python.org/issue40512",
        "/issue40512",
    ],
)
def test_a_redirect_is_believed_only_if_it_leads_to_an_issue_of_cpython(
    server: StandIn, location: str
) -> None:
    server.fail("bpo", faults.redirect(302, location))
    asked = Asked(server, [40512])
    assert asked.records == {}
    host = server.address.removeprefix("http://")
    assert asked.unanswered == {
        "bpo-40512": f"{host} leads to something that is not an issue of python/cpython"
    }
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Welcome!",
        "There is no GitHub id for bpo-4051.",
        "There is no GitHub id for bpo-405121.",
        "There is no bpo issue with id 4.",
        "Please provide a valid bpo issue id.",
    ],
)
def test_any_other_words_are_no_answer(server: StandIn, words: str) -> None:
    server.fail("bpo", text(words))
    asked = Asked(server, [40512])
    assert asked.records == {}
    (why,) = asked.unanswered.values()
    assert why.endswith(" answered neither an issue on GitHub nor that there is none")


def test_a_server_that_is_busy_is_asked_again(server: StandIn) -> None:
    server.world.bpo[1] = BpoIssue(2)
    server.fail("bpo", faults.html(503), times=3)
    asked = Asked(server, [1])
    assert len(asked.records) == 1
    assert server.waits == [0.25, 1, 2, 4]
    assert [words.partition("; ")[2] for words in asked.said] == [
        "waiting 1 s",
        "waiting 2 s",
        "waiting 4 s",
    ]


def test_one_id_that_cannot_be_had_does_not_end_it(server: StandIn) -> None:
    server.world.bpo |= {1: BpoIssue(11), 2: BpoIssue(12)}
    server.fail("bpo", faults.html(500), times=4)
    asked = Asked(server, [1, 2])
    assert list(asked.records) == ["bpo-2"]
    assert list(asked.unanswered) == ["bpo-1"]


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (faults.redirect(301, "https://example.org/"), "a redirect to example.org (not followed)"),
        (faults.html(404), "answered 404"),
        (faults.huge, "answered more than 16 MiB"),
        (faults.reset, "cannot be reached (Connection reset by peer)"),
        (faults.html(503), "answered 503"),
    ],
)
def test_what_was_found_before_a_fault_is_kept(server: StandIn, fault: Fault, end: str) -> None:
    server.world.bpo |= {number: BpoIssue(number) for number in range(1, 100)}

    def answer_then_fail(exchange: Exchange) -> None:
        server.always_fail("bpo", fault)
        exchange.server_of.answer(exchange, exchange.recorded)

    server.fail("bpo", answer_then_fail)
    asked = Asked(server, range(1, 20))
    assert asked.records == {"bpo-1": BpoRecord("bpo-1", github="python/cpython#1")}
    assert str(asked.stopped).endswith(end)


def test_no_token_goes_there(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_secret")
    Asked(server, [1])
    assert "Authorization" not in server.requests[0].headers
