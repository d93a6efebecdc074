"""Asking GitHub: what the answers mean, how many questions it takes, and what happens if it fails.

Every question of these tests is checked by GitHub's own schema: see ``stand_in.graphql_api``.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import traceback
from datetime import date
from typing import TYPE_CHECKING, Literal

import pytest
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.github import GitHub, token_from_environment
from sphinx_snapshots.refstatus.refresh.http import Addresses, Stopped
from sphinx_snapshots.refstatus.refresh.merge import NotFound
from sphinx_snapshots.refstatus.snapshot import (
    CommitRecord,
    IssueRecord,
    MissingRecord,
    MovedRecord,
    PullRecord,
    Record,
)
from stand_in import Commit, Exchange, Issue, Pull, StandIn, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Fault = Callable[[Exchange], None]

HOME = "python/cpython"
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
OPENED = date(2020, 5, 5)


def numbers(*wanted: int, repository: str = HOME) -> list[Reference]:
    return [Reference.github(repository, number) for number in wanted]


class Asked:
    """What came of asking: everything found, what was announced, and what ended it."""

    def __init__(
        self,
        server: StandIn,
        references: Sequence[Reference],
        *,
        token: str | None = "",
        known: Sequence[str] = (),
        private: Sequence[str] = (),
        since: date | None = None,
    ) -> None:
        self.said: list[str] = []
        self.answers: dict[str, Record | str] = {}
        self.stopped: Stopped | None = None
        self.client = GitHub(
            server.addresses,
            server.world.token if token == "" else token,
            private=private,
            max_wait=900,
            announce=self.said.append,
        )
        try:
            for answers in self.client.ask(references, known=known, since=since):
                self.answers |= answers
        except Stopped as stopped:
            self.stopped = stopped

    @property
    def records(self) -> dict[str, Record]:
        return {key: answer for key, answer in self.answers.items() if not isinstance(answer, str)}

    @property
    def unanswered(self) -> dict[str, str]:
        return {key: answer for key, answer in self.answers.items() if isinstance(answer, str)}


def ask_well(server: StandIn, references: Sequence[Reference]) -> dict[str, Record]:
    asked = Asked(server, references)
    assert (asked.stopped, asked.unanswered, asked.said) == (None, {}, [])
    return asked.records


def not_found(asked: Asked) -> list[str]:
    return [key for key, answer in asked.answers.items() if isinstance(answer, NotFound)]


# What the answers mean. Both APIs must give the same records.


def items() -> list[tuple[Issue | Pull, IssueRecord | PullRecord]]:
    day, when = date(2021, 2, 3), "2021-02-03T23:59:59Z"
    key = f"{HOME}#7"

    def closed(reason: Literal["completed", "not planned", "duplicate"]) -> IssueRecord:
        return IssueRecord(
            key,
            "closed",
            reason=reason,
            title="An issue",
            opened=OPENED,
            closed=day,
        )

    return [
        (Issue(7), IssueRecord(key, "open", title="An issue", opened=OPENED)),
        (Issue(7, reason="REOPENED"), IssueRecord(key, "open", title="An issue", opened=OPENED)),
        (Issue(7, state="CLOSED", reason="COMPLETED", closed=when), closed("completed")),
        (Issue(7, state="CLOSED", reason="NOT_PLANNED", closed=when), closed("not planned")),
        (Issue(7, state="CLOSED", reason="DUPLICATE", closed=when), closed("duplicate")),
        (Issue(7, state="CLOSED", closed=when), closed("completed")),
        (Pull(7, title="P"), PullRecord(key, "open", title="P", opened=OPENED)),
        (Pull(7, title="P", is_draft=True), PullRecord(key, "draft", title="P", opened=OPENED)),
        (
            Pull(7, title="P", state="MERGED", closed=when, merged=when),
            PullRecord(key, "merged", title="P", opened=OPENED, closed=day),
        ),
        (
            Pull(7, title="P", state="CLOSED", closed=when),
            PullRecord(key, "closed", title="P", opened=OPENED, closed=day),
        ),
        (
            Pull(7, title="P", state="CLOSED", is_draft=True, closed=when),
            PullRecord(key, "closed", title="P", opened=OPENED, closed=day),
        ),
        (
            Issue(7, title="\x1b[2J\u202e two\n lines " + "x" * 1_000),
            IssueRecord(key, "open", title="[2J two lines " + "x" * 285 + "…", opened=OPENED),
        ),
        (Issue(7, title="\u200b"), IssueRecord(key, "open", opened=OPENED)),
    ]


@pytest.mark.parametrize("token", ["", None])
@pytest.mark.parametrize(("item", "record"), items())
def test_every_state_is_told_apart(
    server: StandIn, item: Issue | Pull, record: Record, token: str | None
) -> None:
    server.world.repository(HOME).add(item)
    asked = Asked(server, numbers(7), token=token)
    assert (asked.records, asked.unanswered) == ({record.key: record}, {})


@pytest.mark.parametrize("token", ["", None])
def test_a_commit_is_known_by_its_whole_id(server: StandIn, token: str | None) -> None:
    server.world.repository(HOME).add(Commit(SHA, "bpo-1: Do it\n\nWith care."))
    record = CommitRecord(f"{HOME}@{SHA}", title="bpo-1: Do it", committed=OPENED)
    for part in (SHA, SHA[:12]):
        asked = Asked(server, [Reference.github_commit(HOME, part)], token=token)
        assert (asked.records, asked.unanswered) == ({record.key: record}, {})


def test_a_commit_that_is_not_there_is_missing(server: StandIn) -> None:
    server.world.repository(HOME)
    key = f"{HOME}@{SHA}"
    asked = Asked(server, [Reference.from_key(key)])
    assert (asked.records, not_found(asked)) == ({}, [key])


def test_the_start_of_an_id_must_fit_one_commit(server: StandIn) -> None:
    repository = server.world.repository(HOME)
    repository.add(Commit(SHA), Commit("5d38517" + "0" * 33))
    repository.branches["abcdef1"] = SHA
    keys = [f"{HOME}@5d38517", f"{HOME}@0000000", f"{HOME}@abcdef1"]
    asked = Asked(server, [Reference.from_key(key) for key in keys])
    none = "no commit, or more than one, has an id that starts so: write all its digits"
    assert asked.records == {}
    assert asked.unanswered == {
        keys[0]: none,
        keys[1]: none,
        keys[2]: f"GitHub's answer is odd: it is about commit {SHA}",
    }


def test_moved_deleted_and_missing_items_are_told_apart(server: StandIn) -> None:
    repository = server.world.repository(HOME)
    repository.add(Issue(1))
    repository.moved[2] = ("python/peps", 22)
    repository.deleted.add(3)
    server.world.repository("python/peps").add(Issue(22))
    asked = Asked(server, numbers(1, 2, 3, 4))
    assert (not_found(asked), asked.said) == ([f"{HOME}#4"], [])
    assert asked.records == {
        f"{HOME}#1": IssueRecord(f"{HOME}#1", "open", title="An issue", opened=OPENED),
        f"{HOME}#2": MovedRecord(f"{HOME}#2", to="python/peps#22"),
        "python/peps#22": IssueRecord("python/peps#22", "open", title="An issue", opened=OPENED),
        f"{HOME}#3": MissingRecord(f"{HOME}#3"),
    }
    # One question for all, then only for those that were not found, and for one its new place, and
    # whether that is private.
    assert len(server.asked("graphql")) == 1
    assert len(server.asked("api")) == 5
    assert all(server.has_token(request) for request in server.requests)


def test_items_of_a_renamed_repository_have_moved(server: StandIn) -> None:
    server.world.repository("New/Name").add(Issue(1), Commit(SHA))
    server.world.renamed["old/name"] = "New/Name"
    commit = Reference.github_commit("old/name", SHA)
    asked = Asked(server, [*numbers(1, repository="old/name"), commit])
    assert asked.said == ["old/name is called New/Name now: write that where you cite it"]
    assert asked.records == {
        "old/name#1": MovedRecord("old/name#1", to="new/name#1"),
        "new/name#1": IssueRecord("new/name#1", "open", title="An issue", opened=OPENED),
        # The snapshot knows no moved commits, and the old address leads on.
        str(commit): CommitRecord(str(commit), title="A change", committed=OPENED),
    }


def test_items_of_a_repository_that_is_not_there_are_not_found(server: StandIn) -> None:
    server.world.repository(HOME).add(Issue(1))
    asked = Asked(server, [*numbers(1), *numbers(1, 2, repository="no/body")])
    assert list(asked.records) == [f"{HOME}#1"]
    assert not_found(asked) == ["no/body#1", "no/body#2"]
    assert asked.said == ["no/body is not there, or this token cannot see it"]
    assert server.asked("api") == []


def private_repository(server: StandIn) -> None:
    server.world.repository("Acme/Secret").add(Issue(1, "Layoffs"), Pull(2, "Layoffs"), Commit(SHA))
    server.world.repository("Acme/Secret").is_private = True
    server.world.repository(HOME).moved[5] = ("Acme/Secret", 1)


@pytest.mark.parametrize("private", [[], ["o/r"], ["acme/secret"], ["*"]])
def test_titles_of_a_private_repository_are_told_only_where_that_is_allowed(
    server: StandIn, private: Sequence[str]
) -> None:
    private_repository(server)
    commits = [Reference.github_commit("acme/secret", part) for part in (SHA, SHA[:9])]
    references = [*numbers(5), *numbers(1, 2, repository="acme/secret"), *commits]
    # However it comes to be known.
    for wanted in (references, references[:1], references[-1:]):
        asked = Asked(server, wanted, private=private)
        assert (asked.stopped, asked.unanswered) == (None, {})
        records = [r for r in asked.records.values() if not isinstance(r, MovedRecord)]
        moved = [r for r in asked.records.values() if isinstance(r, MovedRecord)]
        is_told = private in (["acme/secret"], ["*"])
        assert all(bool(getattr(record, "title", None)) == is_told for record in records)
        # What is moved there loses the title that it had.
        assert {record.title for record in moved} <= {None if is_told else ""}
        assert ("Layoffs" in repr(asked.records)) <= is_told
        hint = (
            "Acme/Secret is private: the titles of its items are not recorded, unless "
            "refstatus_private_repositories in conf.py names it"
        )
        assert [said.lower() for said in asked.said] == ([] if is_told else [hint.lower()])


def test_a_repository_that_does_not_say_whether_it_is_private_is(server: StandIn) -> None:
    content = {"data": {"r0": {"name": HOME, "i1": good_node(title="Layoffs")}}}
    server.fail("graphql", faults.json_text(json.dumps(content).encode()))
    assert "Layoffs" not in repr(Asked(server, numbers(1)).records)


def test_an_item_that_may_not_be_read_keeps_its_old_record(server: StandIn) -> None:
    server.world.repository(HOME).add(Issue(1), Issue(2))
    server.world.forbidden.add(2)
    asked = Asked(server, numbers(1, 2))
    assert list(asked.records) == [f"{HOME}#1"]
    message = "GitHub answered: Resource not accessible by personal access token"
    assert asked.unanswered == {f"{HOME}#2": message}


@pytest.mark.parametrize("status", [200, 403])
def test_the_address_for_a_single_sign_on_is_shown(server: StandIn, status: int) -> None:
    server.always_fail("graphql", faults.single_sign_on(status))
    asked = Asked(server, numbers(1))
    assert asked.records == {}
    (why,) = asked.unanswered.values()
    assert "You must grant your Personal Access token access to this organization" in why
    assert why.endswith(f"wants a single sign-on for this token: open {faults.SIGN_ON}")


def test_a_server_that_does_not_know_a_part_of_the_question_may_be_old(server: StandIn) -> None:
    message = "Field 'stateReason' doesn't accept argument 'enableDuplicate'"
    content = json.dumps({"errors": [{"message": message}]}).encode()
    for fault in (faults.refused_query, faults.json_text(content)):
        server.fail("graphql", fault)
        why = str(Asked(server, numbers(1)).stopped)
        assert why.endswith("does not know what is asked here: is it an old Enterprise Server?")


def test_an_answer_about_another_item_is_not_believed(server: StandIn) -> None:
    repository = server.world.repository(HOME)
    repository.add(Issue(1), Issue(2), Commit(SHA))
    server.fail("graphql", faults.other_item)
    asked = Asked(server, [*numbers(1), Reference.github_commit(HOME, SHA)])
    assert asked.records == {}
    assert asked.unanswered == {
        f"{HOME}#1": f"GitHub's answer is odd: it is about {HOME}#2",
        f"{HOME}@{SHA}": f"GitHub's answer is odd: it is about commit {SHA[::-1]}",
    }


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"data": {}}, "GitHub's answer leaves it out"),
        ({"data": {"r0": None}}, "GitHub's answer leaves it out"),
        ({"data": {"r0": {}}}, "GitHub's answer leaves it out"),
        ({"data": {"r0": {"i1": None}}}, "GitHub answered nothing, without saying why"),
        (
            {"data": {"r0": {"i1": None}}, "errors": [{"message": "No\nluck", "path": None}]},
            "GitHub answered: No luck",
        ),
        (
            # It says of something else that it is not there.
            {"data": {"r0": {"i1": None}}, "errors": [{"message": "No", "type": "NOT_FOUND"}]},
            "GitHub answered: No",
        ),
        ({"data": {"r0": {"i1": 5}}}, "GitHub's answer is odd: Expected `object`, got `int`"),
        ({"data": {"r0": {"i1": {"__typename": "Discussion"}}}}, "GitHub's answer is odd: Invalid"),
        ({"data": {"r0": {"i1": {"__typename": "Issue"}}}}, "GitHub's answer is odd: Object miss"),
    ],
)
def test_an_item_is_missing_only_if_github_says_so(
    server: StandIn, content: object, why: str
) -> None:
    server.fail("graphql", faults.json_text(json.dumps(content).encode()))
    asked = Asked(server, numbers(1))
    assert asked.records == {}
    assert list(asked.unanswered) == [f"{HOME}#1"]
    assert asked.unanswered[f"{HOME}#1"].startswith(why)


def good_node(**changes: object) -> dict[str, object]:
    return {
        "__typename": "Issue",
        "number": 1,
        "title": "T",
        "issue_state": "OPEN",
        "state_reason": None,
        "created_at": "2020-05-05T00:30:00+02:00",
        "closed_at": None,
        "repository": {"name": "Python/CPython"},
        **changes,
    }


@pytest.mark.parametrize(
    ("node", "name", "is_good"),
    [
        (good_node(), "python/cpython", True),
        (good_node(), "python/other", False),
        (good_node(), "../..", False),
        (good_node(), 5, False),
        (good_node(number=2), HOME, False),
        (good_node(number=-1), HOME, False),
        (good_node(number="1"), HOME, False),
        (good_node(issue_state="MERGED"), HOME, False),
        (good_node(created_at="2020-05-05"), HOME, False),
        (good_node(created_at="2020-05-05T10:00:00"), HOME, False),
        (good_node(title=None), HOME, False),
        (good_node(repository={"name": "python/peps"}), HOME, False),
    ],
)
def test_an_item_is_believed_as_a_whole_or_not(
    server: StandIn, node: dict[str, object], name: object, *, is_good: bool
) -> None:
    content = {"data": {"r0": {"name": name, "is_private": False, "i1": node}}}
    server.fail("graphql", faults.json_text(json.dumps(content).encode()))
    asked = Asked(server, numbers(1))
    # Days are those of UTC.
    record = IssueRecord(f"{HOME}#1", "open", title="T", opened=date(2020, 5, 4))
    assert asked.records == ({record.key: record} if is_good else {})
    assert len(asked.unanswered) == (0 if is_good else 1)


@pytest.mark.parametrize(
    "location",
    [
        "https://example.org/repos/python/cpython/issues/2",
        "//example.org/api",
        "/other",
        "http://[",
    ],
)
def test_a_moved_item_is_looked_for_on_the_same_server_only(server: StandIn, location: str) -> None:
    server.world.repository(HOME)
    server.fail("api", faults.redirect(301, location))
    asked = Asked(server, numbers(1))
    assert asked.records == {}
    assert len(asked.unanswered) == 1
    assert len(server.asked("api")) == 1


@pytest.mark.parametrize("url", ["x/repos/python/peps", "x/repos/", "https://[", "python/cpython"])
def test_the_rest_api_must_speak_of_the_item_too(server: StandIn, url: str) -> None:
    server.world.repository(HOME)
    number = 2 if url == "python/cpython" else 1
    item = {"number": number, "title": "T", "state": "open", "created_at": "2020-05-05T10:00:00Z"}
    server.fail("api", faults.json_text(json.dumps({**item, "repository_url": url}).encode()))
    asked = Asked(server, numbers(1))
    assert asked.records == {}
    assert asked.unanswered[f"{HOME}#1"].startswith("GitHub's answer is odd: ")


def test_an_item_that_moved_in_a_circle_keeps_its_old_record(server: StandIn) -> None:
    repository = server.world.repository(HOME)
    repository.moved |= {1: (HOME, 2), 2: (HOME, 1)}
    asked = Asked(server, numbers(1))
    assert (asked.records, asked.unanswered) == ({}, {f"{HOME}#1": "it was moved in a circle"})


@pytest.mark.parametrize(
    "fault",
    [faults.html(404), faults.html(410), faults.forbidden, faults.html(503)],
)
def test_an_item_is_not_missing_because_a_page_is(server: StandIn, fault: Fault) -> None:
    server.world.repository(HOME)
    server.always_fail("api", fault)
    assert Asked(server, numbers(1)).records == {}


# How many questions it takes


def test_fifty_items_of_any_kind_and_repository_are_one_question(server: StandIn) -> None:
    home, peps = server.world.repository(HOME), server.world.repository("python/peps")
    home.add(*map(Issue, range(1, 21)), *map(Pull, range(21, 31)), Commit(SHA))
    peps.add(*map(Issue, range(1, 40)))
    references = [
        *numbers(*range(1, 31)),
        Reference.github_commit(HOME, SHA),
        *numbers(*range(1, 40), repository="python/peps"),
    ]
    assert len(ask_well(server, [*references, *references])) == 70
    assert [len(json.loads(r.body)["variables"]) for r in server.requests] == [4, 2]


def test_nothing_is_asked_for_nothing(server: StandIn) -> None:
    assert ask_well(server, []) == {}
    assert server.requests == []


# Asking for less


@pytest.mark.parametrize(
    "fault", [faults.html(502), faults.gateway_timeout, faults.something_went_wrong]
)
def test_a_question_that_fails_once_is_asked_again(server: StandIn, fault: Fault) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 11)))
    server.fail("graphql", fault)
    asked = Asked(server, numbers(*range(1, 11)))
    assert (len(asked.records), asked.unanswered, asked.stopped) == (10, {}, None)
    assert server.waits == [1]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "fault", [faults.html(502), faults.gateway_timeout, faults.something_went_wrong]
)
def test_a_question_that_fails_twice_is_halved(server: StandIn, fault: Fault) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 11)))
    server.fail("graphql", fault, times=2)
    asked = Asked(server, numbers(*range(1, 11)))
    assert (len(asked.records), asked.unanswered, asked.stopped) == (10, {}, None)
    assert len(server.requests) == 4


def test_one_item_that_spoils_every_question_is_left_out(server: StandIn) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 101)))
    server.always_fail("graphql", faults.poison(33))
    asked = Asked(server, numbers(*range(1, 101)))
    assert len(asked.records) == 99
    host = server.address.removeprefix("http://")
    assert asked.unanswered == {f"{HOME}#33": f"{host} answered 502"}
    assert asked.stopped is None


def test_what_cost_too_much_is_asked_in_smaller_questions(server: StandIn) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 201)))
    server.world.costly = 15
    asked = Asked(server, numbers(*range(1, 201)))
    assert (len(asked.records), asked.unanswered, asked.stopped) == (200, {}, None)
    # 14 are the least. To begin with 50 items every time would take 28.
    assert len(server.requests) <= 22


def test_a_question_refused_for_its_cost_is_halved_without_a_pause(server: StandIn) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 51)))
    server.fail("graphql", faults.too_costly)
    asked = Asked(server, numbers(*range(1, 51)))
    assert (len(asked.records), server.waits, len(server.requests)) == (50, [], 3)


def test_items_that_cost_too_much_even_alone_are_left_out(server: StandIn) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 4)))
    server.world.costly = 0
    asked = Asked(server, numbers(1, 2, 3))
    assert asked.records == {}
    assert len(asked.unanswered) == 3
    assert all("found the question too costly" in why for why in asked.unanswered.values())


# Faults that end it. What was found before is there.


def test_what_was_found_within_a_portion_is_kept_too(server: StandIn) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 9)))
    server.always_fail("api", faults.bad_token)
    asked = Asked(server, numbers(*range(1, 10)))
    assert len(asked.records) == 8
    assert "refused the token" in str(asked.stopped)


@pytest.mark.parametrize("status", [200, 403, 429])
def test_a_limit_that_ends_soon_is_waited_for(server: StandIn, status: int) -> None:
    server.world.repository(HOME).add(Issue(1))
    server.fail("graphql", faults.primary_limit(status, 30))
    asked = Asked(server, numbers(1))
    assert len(asked.records) == 1
    assert len(server.requests) == 2
    (seconds,) = server.waits
    assert seconds in {29, 30}
    assert asked.said == [
        f"the hourly rate limit of {server.address[7:]} is used up; waiting {seconds:.0f} s"
    ]


@pytest.mark.parametrize(("retry_after", "seconds"), [("5", 5), (None, 60)])
def test_github_may_ask_to_slow_down_with_status_200(
    server: StandIn, retry_after: str | None, seconds: int
) -> None:
    server.world.repository(HOME).add(Issue(1))
    server.fail("graphql", faults.secondary_limit(200, retry_after, seconds))
    assert len(Asked(server, numbers(1)).records) == 1
    assert server.waits == [seconds]


def test_points_that_run_out_midway_leave_what_was_found(server: StandIn) -> None:
    server.world.repository(HOME).add(*map(Issue, range(1, 201)))
    server.world.points = 3
    asked = Asked(server, numbers(*range(1, 201)))
    assert len(asked.records) == 150
    assert "is used up; to wait for 1 h" in str(asked.stopped)
    assert server.waits == []


# Without a token


def test_without_a_token_new_items_are_asked_one_by_one(server: StandIn) -> None:
    repository = server.world.repository(HOME)
    repository.add(*map(Issue, range(1, 46)))
    repository.deleted.add(46)
    asked = Asked(server, numbers(46, *range(1, 46)), token=None)
    assert len(asked.records) == 40
    assert asked.records[f"{HOME}#46"] == MissingRecord(f"{HOME}#46")
    assert not_found(asked) == []
    reason = "without a token no more than 40 new items are asked at once"
    assert asked.unanswered == {f"{HOME}#{n}": reason for n in range(40, 46)}
    (said,) = asked.said
    assert said == (
        "there is no token, so GitHub answers 60 requests an hour only: 40 of 46 new items are "
        "asked one by one, and nothing else; nothing tells which were moved or deleted. "
        "Set a token to ask for all"
    )
    assert server.asked("graphql") == []
    assert all("Authorization" not in request.headers for request in server.requests)


def test_without_a_token_known_items_are_found_among_those_that_changed(server: StandIn) -> None:
    repository = server.world.repository(HOME)
    for number in range(1, 401):
        is_new = number > 150
        updated = f"2026-11-{18 if is_new else 12}T00:{number // 60:02}:{number % 60:02}Z"
        repository.add(Issue(number, updated=updated))
    known = [str(reference) for reference in numbers(100, 200, 300)]
    commit = Reference.github_commit(HOME, SHA)
    asked = Asked(
        server,
        [*numbers(100, 200, 300, 400), commit],
        token=None,
        known=[*known, str(commit)],
        since=date(2026, 11, 15),
    )
    # 100 has not changed, 400 is new, and a commit never changes.
    assert sorted(asked.records) == [f"{HOME}#{n}" for n in (200, 300, 400)]
    assert asked.unanswered == {}
    # 250 have changed: three pages, and one question for the new one.
    assert len(server.requests) == 4
    assert (
        "1 of 1 new items are asked one by one, and known ones where they changed since "
        in (asked.said[0])
    )


def test_without_a_token_there_is_an_end_to_pages(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sphinx_snapshots.refstatus.refresh.github._MOST_PAGES", 2)
    wanted = numbers(*range(1, 202))
    repository = server.world.repository(HOME)
    repository.add(*(Issue(r.number, updated="2026-11-18T00:00:00Z") for r in wanted))
    known = [str(reference) for reference in wanted]
    asked = Asked(server, wanted, token=None, known=known, since=date(2026, 11, 15))
    assert len(asked.records) == 200
    assert str(asked.stopped) == (
        "more than 200 items of python/cpython have changed since 2026-11-15: that needs a token"
    )


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (faults.html(502), "answered 502"),
        (faults.html(404), "answered text/html instead of JSON"),
        (faults.json_text(b"{}"), "answered what cannot be read"),
    ],
)
def test_without_a_token_a_page_that_cannot_be_had_ends_it(
    server: StandIn, fault: Fault, text: str
) -> None:
    server.always_fail("api", fault)
    asked = Asked(server, numbers(1), token=None, known=[f"{HOME}#1"], since=date(2026, 11, 15))
    assert text in str(asked.stopped)


def test_without_a_token_a_repository_that_is_gone_does_not_end_it(server: StandIn) -> None:
    server.world.repository(HOME).add(Issue(1, updated="2026-11-18T00:00:00Z"))
    references = [*numbers(1), *numbers(1, 2, repository="no/body")]
    known = [str(reference) for reference in references]
    asked = Asked(server, references, token=None, known=known, since=date(2026, 11, 15))
    assert list(asked.records) == [f"{HOME}#1"]
    assert list(asked.unanswered) == ["no/body#1", "no/body#2"]
    assert asked.stopped is None


def test_the_next_page_must_be_on_the_same_server(server: StandIn) -> None:
    def lead_away(exchange: Exchange) -> None:
        link = '<https://example.org/?page=2>; rel="next"'
        exchange.send(200, b"[]", "application/json", {"Link": link})

    server.fail("api", lead_away)
    asked = Asked(server, numbers(1), token=None, known=[f"{HOME}#1"], since=date(2026, 11, 15))
    assert "leads to another server (not followed)" in str(asked.stopped)
    assert len(server.requests) == 1


# Where to ask


@pytest.mark.parametrize(
    ("api", "graphql", "rest"),
    [
        ("https://h.org/api", "https://h.org/api/graphql", "https://h.org/api/v3"),
        ("https://h.org/api/v3/", "https://h.org/api/graphql", "https://h.org/api/v3"),
        ("https://api.x.ghe.com", "https://api.x.ghe.com/graphql", "https://api.x.ghe.com"),
    ],
)
def test_the_apis_of_a_further_host_follow_from_one_address(
    api: str, graphql: str, rest: str
) -> None:
    assert Addresses.of_host("h.org", api)[:2] == (graphql, rest)


# The token


def make_gh(folder: Path, *lines: str) -> dict[str, str]:
    """An environment in which ``gh`` is a script of these lines."""
    folder.mkdir()
    script = folder / "gh"
    script.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    script.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_the_token_comes_from_the_first_place_that_has_one(tmp_path: Path) -> None:
    gh = make_gh(tmp_path / "bin", 'test "$*" = "auth token --hostname github.com" && echo from-gh')
    usual = Addresses()
    assert token_from_environment({**gh, "GITHUB_TOKEN": "one", "GH_TOKEN": "two"}, usual) == "one"
    assert token_from_environment({**gh, "GITHUB_TOKEN": " ", "GH_TOKEN": "two\n"}, usual) == "two"
    assert token_from_environment(gh, usual) == "from-gh"


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({}, "github.com"),
        (
            {
                "GITHUB_GRAPHQL_URL": "https://api.github.com/graphql",
                "GITHUB_API_URL": "https://api.github.com",
            },
            "github.com",
        ),
        (
            {
                "GITHUB_GRAPHQL_URL": "https://api.octo.ghe.com/graphql",
                "GITHUB_API_URL": "https://api.octo.ghe.com",
            },
            "octo.ghe.com",
        ),
        (
            {
                "GITHUB_GRAPHQL_URL": "https://api.example.org:8443/api/graphql",
                "GITHUB_API_URL": "https://API.example.org/api/v3",
            },
            "api.example.org",
        ),
        # A token of one server is not for the other.
        ({"GITHUB_API_URL": "https://github.example.org/api/v3"}, None),
        ({"GITHUB_GRAPHQL_URL": "https://github.example.org/api/graphql"}, None),
        (
            {
                "GITHUB_GRAPHQL_URL": "https://api.octo.ghe.com/graphql",
                "GITHUB_API_URL": "https://api.cat.ghe.com",
            },
            None,
        ),
    ],
)
def test_gh_is_asked_for_the_token_of_the_server_that_is_asked(
    tmp_path: Path, variables: dict[str, str], host: str | None
) -> None:
    asked = tmp_path / "asked"
    gh = make_gh(tmp_path / "bin", f'echo "$*" > {shlex.quote(str(asked))}', 'echo "of-$4"')
    addresses = Addresses.from_environment(variables)
    token = token_from_environment({**gh, **variables}, addresses)
    assert token == (None if host is None else f"of-{host}")
    words = None if host is None else f"auth token --hostname {host}\n"
    assert (asked.read_text() if asked.exists() else None) == words


@pytest.mark.parametrize(
    "line", ["exit 1", "", "printf '\\377'", "echo x; exit 4", "sleep 9; echo x"]
)
def test_no_answer_from_gh_is_no_token(
    tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sphinx_snapshots.refstatus.refresh.github._GH_TIMEOUT", 0.3)
    assert token_from_environment(make_gh(tmp_path / "bin", line), Addresses()) is None


def test_no_gh_is_no_token(tmp_path: Path) -> None:
    assert token_from_environment({"PATH": str(tmp_path)}, Addresses()) is None


@pytest.mark.parametrize("token", ["ghp_a\nb", "ghp_a b", "ghp_\x00", "ghp_ä", "x" * 2_000])
def test_what_cannot_be_a_token_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(Stopped, match=r"^GH_TOKEN cannot be a token: ") as stopped:
        token_from_environment({"GH_TOKEN": token}, Addresses())
    assert token not in str(stopped.value)


@pytest.mark.parametrize(
    "fault",
    [
        faults.bad_token,
        faults.echo_of_the_token,
        faults.reset,
        faults.html(502),
        faults.refused_query,
        faults.secondary_limit(403, None, 9_999),
    ],
)
def test_the_token_is_told_to_nobody(
    server: StandIn, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.always_fail("graphql", fault)
    asked = Asked(server, numbers(1, 2))
    told = [*asked.said, repr(asked.answers), str(asked.stopped), repr(asked.client), caplog.text]
    if asked.stopped:
        shown = traceback.TracebackException.from_exception(asked.stopped, capture_locals=True)
        told += shown.format()
    assert server.world.token not in "\n".join(told)


def test_both_apis_get_the_token_wherever_they_are(server: StandIn) -> None:
    server.world.repository(HOME)
    with StandIn(server.world) as other:
        addresses = server.addresses._replace(rest=other.addresses.rest)
        client = GitHub(addresses, server.world.token, max_wait=0, announce=print)
        (answers,) = client.ask(numbers(1))
        assert answers == {f"{HOME}#1": "not found"}
        assert [server.has_token(r) for r in (*server.requests, *other.requests)] == [True, True]


def test_the_token_is_not_in_what_github_says_of_an_item(server: StandIn) -> None:
    error = {"message": f"{server.world.token} is wrong", "path": ["r0", "i1"]}
    content = json.dumps({"data": {"r0": {"i1": None}}, "errors": [error]})
    server.fail("graphql", faults.json_text(content.encode()))
    asked = Asked(server, numbers(1))
    assert asked.unanswered == {f"{HOME}#1": "GitHub answered: *** is wrong"}
