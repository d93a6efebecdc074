"""Many items in one question to GitHub's GraphQL API, and what the answer says. No network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from ..model import ItemKind, Reference, one_line
from ..snapshot import CommitRecord, IssueRecord, MissingRecord, MovedRecord, PullRecord, Record
from .failures import Failed, Problem, asked_wait
from .github_items import (
    CommitNode,
    IssueNode,
    PullNode,
    commit_record,
    is_whole,
    issue_record,
    pull_record,
    whole_commit,
)
from .transport import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .transport import Response

__all__ = ["Reading", "make_query", "read_answer"]

# `state` has another type in each of the two, so each needs a name of its own (GraphQL
# specification, "Field Selection Merging"). Without its argument, `stateReason` hides duplicates.
_NUMBER_FRAGMENTS: Final = """
fragment issue on Issue {
  number title createdAt closedAt repository { nameWithOwner }
  issueState: state stateReason(enableDuplicate: true)
}
fragment pull on PullRequest {
  number title createdAt closedAt mergedAt isDraft repository { nameWithOwner }
  pullState: state
}
"""
_COMMIT_FRAGMENT: Final = """
fragment commit on Commit { oid messageHeadline committedDate }
"""


class Reading(NamedTuple):
    """What an answer says.

    :param records: by key, as in ``Answers``.
    :param unanswered: by key, as in ``Answers``.
    :param not_found: what GitHub says is not there, which may mean moved.
    :param too_much: what GitHub left out because the question cost too much.
    """

    records: dict[str, Record]
    unanswered: dict[str, str]
    not_found: list[Reference]
    too_much: list[Reference]


def make_query(references: Iterable[Reference]) -> bytes:
    """The body of one question for all ``references``, none of which is on bugs.python.org."""
    repositories = _by_repository(references)
    parameters, parts = [], []
    variables: dict[str, str] = {}
    for index, (repository, items) in enumerate(repositories.items()):
        parameters.append(f"$owner{index}: String!, $name{index}: String!")
        owner, _, name = repository.partition("/")
        variables[f"owner{index}"], variables[f"name{index}"] = owner, name
        fields = "\n".join(f"    {_alias(item)}: {_field(item)}" for item in items)
        parts.append(
            f"  r{index}: repository(owner: $owner{index}, name: $name{index}) {{\n"
            f"    nameWithOwner\n{fields}\n  }}"
        )
    # A fragment that is not used is an error.
    kinds = {item.kind for items in repositories.values() for item in items}
    query = (
        f"query refresh({', '.join(parameters)}) {{\n" + "\n".join(parts) + "\n}"
        f"{_NUMBER_FRAGMENTS if ItemKind.NUMBER in kinds else ''}"
        f"{_COMMIT_FRAGMENT if ItemKind.COMMIT in kinds else ''}"
    )
    return msgspec.json.encode({"query": query, "variables": variables})


def _by_repository(references: Iterable[Reference]) -> dict[str, list[Reference]]:
    groups: dict[str, dict[Reference, None]] = {}
    for reference in references:
        groups.setdefault(reference.repository, {})[reference] = None
    return {repository: list(items) for repository, items in groups.items()}


def _alias(reference: Reference) -> str:
    if reference.kind is ItemKind.COMMIT:
        return f"c{reference.commit}"
    return f"i{reference.number}"


def _field(reference: Reference) -> str:
    if reference.kind is ItemKind.NUMBER:
        return f"issueOrPullRequest(number: {reference.number}) {{ __typename ...issue ...pull }}"
    # `oid` takes a whole id only; `expression` takes whatever git takes.
    word = "oid" if is_whole(reference) else "expression"
    return f'object({word}: "{reference.commit}") {{ __typename ...commit }}'


class _Error(msgspec.Struct):
    message: str = ""
    type: str | None = None
    path: list[str | int] | None = None

    @property
    def is_about_cost(self) -> bool:
        return self.type in _COST_TYPES or "query attribute must be specified" in self.message


class _Answer(msgspec.Struct):
    data: dict[str, dict[str, msgspec.Raw] | None] | None = None
    errors: list[_Error] = []


_LIMIT_TYPES: Final = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
_COST_TYPES: Final = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"})


def read_answer(references: Sequence[Reference], response: Response) -> Reading:
    """What the answer to ``make_query(references)`` says of each of them.

    :raises Failed: it says nothing about any.
    """
    answer = decode(response, _Answer)
    _check_as_a_whole(answer, response)
    reading = Reading({}, {}, [], [])
    errors = {_place(error): error for error in reversed(answer.errors)}
    data = answer.data or {}
    for index, items in enumerate(_by_repository(references).values()):
        repository = data.get(f"r{index}")
        for item in items:
            _read_item(reading, item, repository, _errors_of(errors, f"r{index}", item))
    if len(reading.too_much) == len(references):
        raise Failed(Problem.TOO_MUCH, f"{response.host} found the question too costly")
    return reading


def _check_as_a_whole(answer: _Answer, response: Response) -> None:
    """Whether there is anything in the answer.

    :raises Failed: limits, which arrive as HTTP 200, and errors instead of data.
    """
    host = response.host
    for error in answer.errors:
        # The wait is in the headers, as it is with the REST API.
        if error.type in _LIMIT_TYPES:
            wait = asked_wait(response.headers, response.received)
            raise Failed(Problem.LIMIT, f"the hourly limit of {host} is used up", wait)
        if "secondary rate limit" in error.message.lower():
            wait = asked_wait(response.headers, response.received)
            raise Failed(Problem.TOO_FAST, f"{host} asks to slow down", wait)
    if answer.data is not None:
        return
    if not answer.errors:
        raise Failed(Problem.NONSENSE, f"{host} answered neither data nor errors")
    first = answer.errors[0]
    message = one_line(first.message)
    if any(error.is_about_cost for error in answer.errors):
        raise Failed(Problem.TOO_MUCH, f"{host} found the question too costly ({message})")
    if message.startswith("Something went wrong"):
        raise Failed(Problem.HICCUP, f"{host} answered: {message}")
    raise Failed(Problem.REFUSED, f"{host} refused the query: {message}")


def _place(error: _Error) -> tuple[str | int, ...]:
    """Repository and item that an error is about; shorter where it is about more."""
    return tuple(error.path or ())[:2]


def _errors_of(
    errors: dict[tuple[str | int, ...], _Error], repository: str, item: Reference
) -> Iterator[_Error]:
    """The errors that concern ``item``, the closest first."""
    for place in ((repository, _alias(item)), (repository,), ()):
        if place in errors:
            yield errors[place]


def _read_item(
    reading: Reading,
    item: Reference,
    repository: dict[str, msgspec.Raw] | None,
    errors: Iterator[_Error],
) -> None:
    """Sort ``item`` into ``reading``."""
    key = str(item)
    error = next(errors, None)
    raw = (repository or {}).get(_alias(item))
    if error is not None and error.path and error.type == "NOT_FOUND":
        if repository is None:
            # GitHub follows renamed repositories, so this one is gone, or private.
            reading.records[key] = MissingRecord(key)
        else:
            reading.not_found.append(item)
    elif error is not None and error.is_about_cost and _is_null(raw):
        reading.too_much.append(item)
    elif error is not None and (error.path or _is_null(raw)):
        reading.unanswered[key] = f"GitHub answered: {one_line(error.message)}"
    elif repository is None or raw is None:
        reading.unanswered[key] = "GitHub's answer leaves it out"
    elif _is_null(raw):
        # No error says that a commit is not there. Anything else has an error if it is null.
        if item.kind is ItemKind.COMMIT:
            reading.not_found.append(item)
        else:
            reading.unanswered[key] = "GitHub answered nothing, without saying why"
    else:
        _read_found(reading, item, repository, raw)


def _is_null(raw: msgspec.Raw | None) -> bool:
    return raw is None or bytes(raw).strip() == b"null"


def _read_found(
    reading: Reading, item: Reference, repository: dict[str, msgspec.Raw], raw: msgspec.Raw
) -> None:
    key = str(item)
    try:
        if item.kind is ItemKind.COMMIT:
            record: Record = _read_commit(item, raw)
        else:
            record = _read_number(item, repository, raw)
    except (ValueError, RecursionError) as error:
        reading.unanswered[key] = f"GitHub's answer is odd: {one_line(str(error))}"
        return
    reading.records[record.key] = record
    if item.kind is ItemKind.NUMBER and record.key != key:
        reading.records[key] = MovedRecord(key, to=record.key)


def _read_commit(item: Reference, raw: msgspec.Raw) -> CommitRecord:
    """The record of a commit, under its full id.

    :raises ValueError: the answer is no commit, or another one.
    """
    node = msgspec.json.decode(raw, type=CommitNode)
    return commit_record(whole_commit(item, node.oid), node)


def _read_number(
    item: Reference, repository: dict[str, msgspec.Raw], raw: msgspec.Raw
) -> IssueRecord | PullRecord:
    """The record of an issue or pull request, under its repository's name of today.

    :raises ValueError: the answer is neither, or about another item.
    """
    node = msgspec.json.decode(raw, type=IssueNode | PullNode)
    name = msgspec.json.decode(repository.get("nameWithOwner", msgspec.Raw(b"null")), type=str)
    found = Reference.from_key(f"{node.repository.name_with_owner}#{node.number}")
    if found != Reference.github(name, item.number):
        raise ValueError(f"it is about {found}")
    if isinstance(node, IssueNode):
        return issue_record(found, node)
    return pull_record(found, node)
