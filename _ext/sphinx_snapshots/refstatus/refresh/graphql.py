"""Many items in one question to GitHub's GraphQL API, and the records that the answer means.

No network.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import msgspec

from ..model import ItemKind, Reference, one_line
from ..snapshot import CommitRecord, IssueRecord, MissingRecord, MovedRecord, PullRecord
from .http import Failure, RequestError, decode, rate_limit_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .http import Response
    from .merge import Answers

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
    word = "oid" if is_full_id(reference) else "expression"
    return f'object({word}: "{reference.commit}") {{ __typename ...commit }}'


class _Error(msgspec.Struct):
    message: str = ""
    type: str | None = None
    path: list[str | int] | None = None

    @property
    def is_about_cost(self) -> bool:
        return self.type in _COST_TYPES or "query attribute must be specified" in self.message

    @property
    def place(self) -> tuple[str | int, ...]:
        """Repository and item that it is about; shorter where it is about more."""
        return tuple(self.path or ())[:2]


class _Answer(msgspec.Struct):
    data: dict[str, dict[str, msgspec.Raw] | None] | None = None
    errors: list[_Error] = []


_LIMIT_TYPES: Final = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
_COST_TYPES: Final = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"})


def read_answer(
    references: Sequence[Reference], response: Response
) -> tuple[Answers, list[Reference], list[Reference]]:
    """What the answer to ``make_query(references)`` says of each of them.

    :returns: the answers; the items that GitHub says are not there, which may mean moved; and
        those that it left out because the question cost too much.
    :raises RequestError: it says nothing about any.
    """
    answer = decode(response, _Answer)
    _check_as_a_whole(answer, response)
    answers: Answers = {}
    not_found: list[Reference] = []
    too_costly: list[Reference] = []
    errors = {error.place: error for error in reversed(answer.errors)}
    for index, items in enumerate(_by_repository(references).values()):
        repository = (answer.data or {}).get(f"r{index}")
        for item in items:
            error = next(_errors_of(errors, f"r{index}", item), None)
            raw = (repository or {}).get(_alias(item))
            if error is not None and error.path and error.type == "NOT_FOUND":
                if repository is None:
                    # GitHub follows renamed repositories, so this one is gone, or private.
                    answers[str(item)] = MissingRecord(str(item))
                else:
                    not_found.append(item)
            elif error is not None and error.is_about_cost and _is_null(raw):
                too_costly.append(item)
            elif error is not None and (error.path or _is_null(raw)):
                answers[str(item)] = f"GitHub answered: {one_line(error.message)}"
            elif repository is None or raw is None:
                answers[str(item)] = "GitHub's answer leaves it out"
            elif not _is_null(raw):
                answers |= _read_item(item, repository, raw)
            elif item.kind is ItemKind.COMMIT:
                # No error says that a commit is not there. Anything else has one if it is null.
                not_found.append(item)
            else:
                answers[str(item)] = "GitHub answered nothing, without saying why"
    if len(too_costly) == len(references):
        raise RequestError(Failure.TOO_COSTLY, f"{response.host} found the question too costly")
    return answers, not_found, too_costly


def _check_as_a_whole(answer: _Answer, response: Response) -> None:
    """Whether there is anything in the answer.

    :raises RequestError: rate limits, which arrive as HTTP 200, and errors instead of data.
    """
    host = response.host
    for error in answer.errors:
        is_secondary = "secondary rate limit" in error.message.lower()
        if is_secondary or error.type in _LIMIT_TYPES:
            raise rate_limit_error(response, is_secondary=is_secondary)
    if answer.data is not None:
        return
    if not answer.errors:
        raise RequestError(Failure.CONNECTION, f"{host} answered neither data nor errors")
    message = one_line(answer.errors[0].message)
    if any(error.is_about_cost for error in answer.errors):
        text = f"{host} found the question too costly ({message})"
        raise RequestError(Failure.TOO_COSTLY, text)
    if message.startswith("Something went wrong"):
        raise RequestError(Failure.GATEWAY_TIMEOUT, f"{host} answered: {message}")
    raise RequestError(Failure.FATAL, f"{host} refused the query: {message}")


def _errors_of(
    errors: Mapping[tuple[str | int, ...], _Error], repository: str, item: Reference
) -> Iterator[_Error]:
    """The errors that concern ``item``, the closest first."""
    for place in ((repository, _alias(item)), (repository,), ()):
        if place in errors:
            yield errors[place]


def _is_null(raw: msgspec.Raw | None) -> bool:
    return raw is None or bytes(raw).strip() == b"null"


def _read_item(item: Reference, repository: Mapping[str, msgspec.Raw], raw: msgspec.Raw) -> Answers:
    """What GitHub says of an item that it found; a renamed repository is a move."""
    key = str(item)
    try:
        if item.kind is ItemKind.COMMIT:
            commit = msgspec.json.decode(raw, type=_CommitNode)
            full = with_full_id(item, commit.oid)
            return {str(full): commit.record(full)}
        node = msgspec.json.decode(raw, type=_IssueNode | _PullNode)
        name = msgspec.json.decode(repository.get("nameWithOwner", msgspec.Raw(b"null")), type=str)
        found = Reference.from_key(f"{node.repository.name_with_owner}#{node.number}")
        if found != Reference.github(name, item.number):
            raise ValueError(f"it is about {found}")
    except (ValueError, RecursionError) as error:
        return {key: f"GitHub's answer is odd: {one_line(str(error))}"}
    answers: Answers = {str(found): node.record(found)}
    if found != item:
        answers[key] = MovedRecord(key, to=str(found))
    return answers


# Items as the API writes them ------------------------------------------------------------

#: A moment with its time zone.
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class _RepositoryNode(msgspec.Struct, rename="camel"):
    name_with_owner: str


class _Node(msgspec.Struct, rename="camel", tag_field="__typename"):
    """An item as the GraphQL API writes it."""


class _IssueNode(_Node, tag="Issue"):
    """Fields of the fragment ``issue``."""

    number: int
    title: str
    issue_state: Literal["OPEN", "CLOSED"]
    state_reason: str | None
    created_at: Moment
    closed_at: Moment | None
    repository: _RepositoryNode

    def record(self, reference: Reference) -> IssueRecord:
        """What it means for the snapshot."""
        dates = self.created_at, self.closed_at
        return issue_record(reference, self.title, self.issue_state, self.state_reason, *dates)


class _PullNode(_Node, tag="PullRequest"):
    """Fields of the fragment ``pull``."""

    number: int
    title: str
    pull_state: Literal["OPEN", "CLOSED", "MERGED"]
    is_draft: bool
    created_at: Moment
    closed_at: Moment | None
    merged_at: Moment | None
    repository: _RepositoryNode

    def record(self, reference: Reference) -> PullRecord:
        """What it means for the snapshot."""
        dates = self.created_at, self.closed_at, self.merged_at
        return pull_record(reference, self.title, self.pull_state, self.is_draft, *dates)


class _CommitNode(_Node, tag="Commit"):
    """Fields of the fragment ``commit``."""

    oid: str
    message_headline: str
    committed_date: Moment

    def record(self, reference: Reference) -> CommitRecord:
        """What it means for the snapshot."""
        return commit_record(reference, self.message_headline, self.committed_date)


# Records, whichever API told ---------------------------------------------------------------

#: GitHub's titles have at most 256 characters.
_LONGEST_TITLE: Final = 300
#: Hexadecimal digits.
_FULL_ID: Final = 40

#: Issues closed before there were reasons have none, and GitHub shows them as completed.
_REASONS: Final[Mapping[str | None, Literal["completed", "not planned", "duplicate"]]] = {
    None: "completed",
    "completed": "completed",
    "not_planned": "not planned",
    "duplicate": "duplicate",
}


def issue_record(
    reference: Reference,
    title: str,
    state: str,
    reason: str | None,
    opened: datetime,
    closed: datetime | None,
) -> IssueRecord:
    """The record of an issue; state and reason in either API's letters."""
    record = IssueRecord(str(reference), "open", title=_title(title), opened=_day(opened))
    if state.lower() == "open":
        return record
    why = _REASONS.get(reason.lower() if reason else None)
    return msgspec.structs.replace(record, state="closed", reason=why, closed=_day(closed))


def pull_record(
    reference: Reference,
    title: str,
    state: str,
    is_draft: bool | None,
    opened: datetime,
    closed: datetime | None,
    merged: datetime | None,
) -> PullRecord:
    """The record of a pull request; its state in either API's letters."""
    record = PullRecord(str(reference), "open", title=_title(title), opened=_day(opened))
    if state.lower() == "open":
        return msgspec.structs.replace(record, state="draft") if is_draft else record
    end: Literal["merged", "closed"] = "merged" if merged else "closed"
    return msgspec.structs.replace(record, state=end, closed=_day(merged or closed))


def commit_record(reference: Reference, title: str, committed: datetime) -> CommitRecord:
    """The record of a commit.

    :param reference: the commit, with its full id.
    """
    return CommitRecord(str(reference), title=_title(title), committed=_day(committed))


def _title(text: str) -> str | None:
    return one_line(text, _LONGEST_TITLE) or None


def _day(moment: datetime | None) -> date | None:
    """The day as GitHub's pages say it to everybody: in UTC."""
    return moment.astimezone(UTC).date() if moment else None


def is_full_id(commit: Reference) -> bool:
    """Whether the reference has all of a commit's id, not only its start."""
    return len(commit.commit) == _FULL_ID


def with_full_id(commit: Reference, found: str) -> Reference:
    """The commit with the full id ``found``.

    :raises ValueError: that is no id, or not one that starts as asked; what looks like the start
        of an id may be the name of a branch.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{_FULL_ID}}}", found) or not found.startswith(commit.commit):
        raise ValueError(f"it is about commit {found}")
    return commit._replace(commit=found)
