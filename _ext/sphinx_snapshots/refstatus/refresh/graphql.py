"""Many items in one question to GitHub's GraphQL API, and the records that the answer means.

No network.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple, TypeAlias

import msgspec

from ..model import ItemKind, Reference, one_line
from ..snapshot import CommitRecord, IssueRecord, MovedRecord, PullRecord
from .http import Failure, RequestError, decode, rate_limit_error, sign_on_hint
from .merge import NotFound
from .report import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .http import Response
    from .merge import Answers

# Names are those of the REST API, but for `state`: it has another type in each of the two, so each
# needs a name of its own (GraphQL specification, "Field Selection Merging"). Without its argument,
# `stateReason` hides duplicates.
_NUMBER_FRAGMENTS: Final = """
fragment issue on Issue {
  number title created_at: createdAt closed_at: closedAt repository { name: nameWithOwner }
  issue_state: state state_reason: stateReason(enableDuplicate: true)
}
fragment pull on PullRequest {
  number title created_at: createdAt closed_at: closedAt repository { name: nameWithOwner }
  pull_state: state merged_at: mergedAt draft: isDraft
}
"""
_COMMIT_FRAGMENT: Final = """
fragment commit on Commit { oid message: messageHeadline committed: committedDate }
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
            f"    name: nameWithOwner is_private: isPrivate\n{fields}\n  }}"
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
    groups: dict[str, list[Reference]] = {}
    for reference in references:
        groups.setdefault(reference.repository, []).append(reference)
    return groups


def _alias(item: Reference) -> str:
    return f"c{item.commit}" if item.kind is ItemKind.COMMIT else f"i{item.number}"


def _field(reference: Reference) -> str:
    if reference.kind is ItemKind.NUMBER:
        return f"issueOrPullRequest(number: {reference.number}) {{ __typename ...issue ...pull }}"
    # `oid` takes a whole id only; `expression` takes whatever git takes.
    word = "oid" if len(reference.commit) == FULL_ID else "expression"
    return f'object({word}: "{reference.commit}") {{ __typename ...commit }}'


class _Error(msgspec.Struct):
    message: str = ""
    type: str | None = None
    path: list[str | int] | None = None

    @property
    def is_about_cost(self) -> bool:
        return self.type in _COST_TYPES or "query attribute must be specified" in self.message


class _Answer(msgspec.Struct):
    data: dict[str, dict[str, Any] | None] | None = None
    errors: list[_Error] = []


_LIMIT_TYPES: Final = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
# As GitHub and as the reference implementation of GraphQL say it.
_UNKNOWN_TO_SCHEMA: Final = re.compile(
    "doesn't exist on type|doesn't accept argument|Cannot query field|Unknown argument"
)
_COST_TYPES: Final = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"})


class RepositoryFacts(NamedTuple):
    """What GitHub says of a repository.

    :param name: ``owner/name`` as it is called now, in the case of letters that its owner prefers.
    :param is_private: whether not everybody may read it.
    """

    name: str
    is_private: bool


class Reading(NamedTuple):
    """What an answer to one question says.

    :param not_found: the items that GitHub says are not there, which may mean moved.
    :param too_costly: those that it left out because the question cost too much.
    :param repositories: by the name that was asked; None if GitHub knows or shows no such one.
    """

    answers: Answers
    not_found: list[Reference]
    too_costly: list[Reference]
    repositories: dict[str, RepositoryFacts | None]


def read_answer(references: Sequence[Reference], response: Response) -> Reading:
    """What the answer to ``make_query(references)`` says of each of them.

    :raises RequestError: it says nothing about any.
    """
    answer = decode(response, _Answer)
    _check_as_a_whole(answer, response)
    answers: Answers = {}
    not_found: list[Reference] = []
    too_costly: list[Reference] = []
    # By repository and item that they are about; shorter where they are about more.
    errors = {tuple(error.path or ())[:2]: error for error in reversed(answer.errors)}
    repositories: dict[str, RepositoryFacts | None] = {}
    for index, (asked, items) in enumerate(_by_repository(references).items()):
        place = f"r{index}"
        repository = (answer.data or {}).get(place)
        if repository is not None and isinstance(name := repository.get("name"), str):
            # What does not say that it is public is private.
            is_private = repository.get("is_private") is not False
            repositories[asked] = RepositoryFacts(name, is_private)
        for item in items:
            key, alias = str(item), _alias(item)
            node = (repository or {}).get(alias)
            # The closest one.
            error = errors.get((place, alias)) or errors.get((place,)) or errors.get(())
            if error and error.path and error.type == "NOT_FOUND":
                if repository is None:
                    # GitHub follows renamed repositories, so this one is gone, or private.
                    answers[key] = NotFound(f"{asked} was not found")
                    repositories[asked] = None
                else:
                    not_found.append(item)
            elif error and error.is_about_cost and node is None:
                too_costly.append(item)
            elif error and (error.path or node is None):
                said = one_line(error.message, LONGEST_LINE)
                answers[key] = f"GitHub answered: {said}{sign_on_hint(response)}"
            elif repository is None or alias not in repository:
                answers[key] = "GitHub's answer leaves it out"
            elif node is not None:
                answers |= _read_item(item, repository.get("name"), node)
            elif item.kind is ItemKind.COMMIT:
                # No error says that a commit is not there. Anything else has one if it is null.
                not_found.append(item)
            else:
                answers[key] = "GitHub answered nothing, without saying why"
    if len(too_costly) == len(references):
        raise RequestError(Failure.TOO_COSTLY, f"{response.host} found the question too costly")
    return Reading(answers, not_found, too_costly, repositories)


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
    message = one_line(answer.errors[0].message, LONGEST_LINE)
    if any(error.is_about_cost for error in answer.errors):
        text = f"{host} found the question too costly ({message})"
        raise RequestError(Failure.TOO_COSTLY, text)
    if message.startswith("Something went wrong"):
        raise RequestError(Failure.GATEWAY_TIMEOUT, f"{host} answered: {message}")
    text = f"{host} refused the query: {message}{sign_on_hint(response)}"
    if _UNKNOWN_TO_SCHEMA.search(message):
        text += ". Its API does not know what is asked here: is it an old Enterprise Server?"
    raise RequestError(Failure.FATAL, text)


def _read_item(item: Reference, name: object, node: object) -> Answers:
    """What GitHub says of an item that it found in the repository ``name``."""
    try:
        if item.kind is ItemKind.COMMIT:
            commit = msgspec.convert(node, _CommitNode)
            return commit_answers(item, commit.oid, commit.message, commit.committed)
        found: _IssueNode | _PullNode = msgspec.convert(node, _IssueNode | _PullNode)
        asked = Reference.github(msgspec.convert(name, str), item.number)
        reference = Reference.from_key(f"{found.repository.name}#{found.number}")
        return number_answers(item, asked, reference, found.record(reference))
    except ValueError as error:
        return {str(item): f"GitHub's answer is odd: {one_line(str(error))}"}


# Items and records, whichever API told ----------------------------------------------------

#: A moment with its time zone.
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
#: GitHub's titles have at most 256 characters.
_LONGEST_TITLE: Final = 300
#: Hexadecimal digits of the whole id of a commit.
FULL_ID: Final = 40

#: Issues closed before there were reasons have none, and GitHub shows them as completed.
_REASONS: Final[Mapping[str | None, Literal["completed", "not planned", "duplicate"]]] = {
    None: "completed",
    "completed": "completed",
    "not_planned": "not planned",
    "duplicate": "duplicate",
}


class Item(msgspec.Struct, kw_only=True):
    """An issue or pull request; letters are in either API's case.

    :param state_reason: of an issue only.
    :param draft: of a pull request only.
    """

    number: int
    title: str
    created_at: Moment
    closed_at: Moment | None = None
    state_reason: str | None = None
    draft: bool | None = None

    def issue_record(self, reference: Reference, state: str) -> IssueRecord:
        """What it means for the snapshot, where it is an issue."""
        opened, closed = _day(self.created_at), _day(self.closed_at)
        record = IssueRecord(str(reference), "open", title=_title(self.title), opened=opened)
        if state.lower() == "open":
            return record
        reason = _REASONS.get(self.state_reason and self.state_reason.lower())
        return msgspec.structs.replace(record, state="closed", reason=reason, closed=closed)

    def pull_record(self, reference: Reference, state: str, merged: datetime | None) -> PullRecord:
        """What it means for the snapshot, where it is a pull request."""
        opened, closed = _day(self.created_at), _day(merged or self.closed_at)
        record = PullRecord(str(reference), "open", title=_title(self.title), opened=opened)
        if state.lower() == "open":
            return msgspec.structs.replace(record, state="draft") if self.draft else record
        end: Literal["merged", "closed"] = "merged" if merged else "closed"
        return msgspec.structs.replace(record, state=end, closed=closed)


class _RepositoryNode(msgspec.Struct):
    name: str


class _IssueNode(Item, tag_field="__typename", tag="Issue"):
    issue_state: Literal["OPEN", "CLOSED"]
    repository: _RepositoryNode

    def record(self, reference: Reference) -> IssueRecord:
        return self.issue_record(reference, self.issue_state)


class _PullNode(Item, tag_field="__typename", tag="PullRequest"):
    pull_state: Literal["OPEN", "CLOSED", "MERGED"]
    merged_at: Moment | None
    repository: _RepositoryNode

    def record(self, reference: Reference) -> PullRecord:
        return self.pull_record(reference, self.pull_state, self.merged_at)


class _CommitNode(msgspec.Struct, tag_field="__typename", tag="Commit"):
    oid: str
    message: str
    committed: Moment


def number_answers(
    item: Reference, asked: Reference, found: Reference, record: IssueRecord | PullRecord
) -> Answers:
    """What it means that the API answered ``record``, about ``found``, for ``item``.

    :param asked: what ``item`` is called now, as far as the API says that by itself.
    :raises ValueError: the answer is about something else.
    """
    if found != asked:
        raise ValueError(f"it is about {found}")
    answers: Answers = {str(found): record}
    if found != item:
        answers[str(item)] = MovedRecord(str(item), to=str(found))
    return answers


def commit_answers(item: Reference, found: str, message: str, committed: datetime) -> Answers:
    """What it means that the API answered, for the commit ``item``, the one with the id ``found``.

    :raises ValueError: that is no id, or not one that starts as asked; what looks like the start
        of an id may be the name of a branch.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{FULL_ID}}}", found) or not found.startswith(item.commit):
        raise ValueError(f"it is about commit {found}")
    key, title = f"{item.repository}@{found}", message.partition("\n")[0]
    return {key: CommitRecord(key, title=_title(title), committed=_day(committed))}


def _title(text: str) -> str | None:
    return one_line(text, _LONGEST_TITLE) or None


def _day(moment: datetime | None) -> date | None:
    """The day as GitHub's pages say it to everybody: in UTC."""
    return moment.astimezone(UTC).date() if moment else None
