"""Items as GitHub's two APIs write them, and the records that they mean. No network."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import msgspec

from ..model import Reference, one_line
from ..snapshot import CommitRecord, IssueRecord, PullRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CommitNode",
    "IssueNode",
    "PullNode",
    "RestCommit",
    "RestItem",
    "commit_record",
    "is_whole",
    "issue_record",
    "pull_record",
    "whole_commit",
]

#: A moment with its time zone.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]

#: GitHub's titles have at most 256 characters.
_LONGEST_TITLE: Final = 300
#: Hexadecimal digits.
_FULL_ID: Final = 40

_Reason: TypeAlias = Literal["completed", "not planned", "duplicate"]
#: Issues closed before there were reasons have none, and GitHub shows them as completed.
_REASONS: Final[Mapping[str | None, _Reason]] = {
    None: "completed",
    "completed": "completed",
    "not_planned": "not planned",
    "duplicate": "duplicate",
}


class _RepositoryNode(msgspec.Struct, rename="camel"):
    name_with_owner: str


class _Node(msgspec.Struct, rename="camel", tag_field="__typename"):
    """An item as the GraphQL API writes it."""


class IssueNode(_Node, tag="Issue"):
    """Fields of the fragment ``issue``."""

    number: int
    title: str
    issue_state: Literal["OPEN", "CLOSED"]
    state_reason: str | None
    created_at: Moment
    closed_at: Moment | None
    repository: _RepositoryNode


class PullNode(_Node, tag="PullRequest"):
    """Fields of the fragment ``pull``."""

    number: int
    title: str
    pull_state: Literal["OPEN", "CLOSED", "MERGED"]
    is_draft: bool
    created_at: Moment
    closed_at: Moment | None
    merged_at: Moment | None
    repository: _RepositoryNode


class CommitNode(_Node, tag="Commit"):
    """Fields of the fragment ``commit``."""

    oid: str
    message_headline: str
    committed_date: Moment


class _RestPull(msgspec.Struct):
    merged_at: Moment | None = None


class RestItem(msgspec.Struct):
    """An issue or pull request as the REST API writes it: GitHub calls both issues here.

    :param repository_url: ends with ``/repos/owner/name``.
    :param pull_request: there for a pull request only.
    """

    number: int
    title: str
    state: Literal["open", "closed"]
    repository_url: str
    created_at: Moment
    closed_at: Moment | None = None
    state_reason: str | None = None
    draft: bool | None = None
    pull_request: _RestPull | None = None

    @property
    def reference(self) -> Reference:
        """Which item it is.

        :raises ValueError: it does not say so in a way that is understood.
        """
        repository = self.repository_url.rpartition("/repos/")[2]
        return Reference.from_key(f"{repository}#{self.number}")


class _RestPerson(msgspec.Struct):
    date: Moment


class _RestGitCommit(msgspec.Struct):
    message: str
    committer: _RestPerson


class RestCommit(msgspec.Struct):
    """A commit as the REST API writes it."""

    sha: str
    commit: _RestGitCommit


def issue_record(reference: Reference, item: IssueNode | RestItem) -> IssueRecord:
    """What an issue's answer means for the snapshot."""
    state = item.issue_state if isinstance(item, IssueNode) else item.state
    title, opened = _title(item.title), _day(item.created_at)
    if state.lower() == "open":
        return IssueRecord(str(reference), "open", title=title, opened=opened)
    reason = item.state_reason
    return IssueRecord(
        str(reference),
        "closed",
        reason=_REASONS.get(reason.lower() if reason else None),
        title=title,
        opened=opened,
        closed=_day(item.closed_at),
    )


def pull_record(reference: Reference, item: PullNode | RestItem) -> PullRecord:
    """What a pull request's answer means for the snapshot."""
    if isinstance(item, PullNode):
        is_open, merged, is_draft = item.pull_state == "OPEN", item.merged_at, item.is_draft
    else:
        merged = item.pull_request.merged_at if item.pull_request else None
        is_open, is_draft = item.state == "open", bool(item.draft)
    return PullRecord(
        str(reference),
        _pull_state(is_open=is_open, is_draft=is_draft, is_merged=merged is not None),
        title=_title(item.title),
        opened=_day(item.created_at),
        closed=None if is_open else _day(merged or item.closed_at),
    )


def _pull_state(
    *, is_open: bool, is_draft: bool, is_merged: bool
) -> Literal["open", "draft", "merged", "closed"]:
    if is_open:
        return "draft" if is_draft else "open"
    return "merged" if is_merged else "closed"


def commit_record(reference: Reference, item: CommitNode | RestCommit) -> CommitRecord:
    """What a commit's answer means for the snapshot.

    :param reference: the commit, with its full id.
    """
    if isinstance(item, CommitNode):
        title, moment = item.message_headline, item.committed_date
    else:
        title = item.commit.message.partition("\n")[0]
        moment = item.commit.committer.date
    return CommitRecord(str(reference), title=_title(title), committed=_day(moment))


def _title(text: str) -> str | None:
    return one_line(text, _LONGEST_TITLE) or None


def _day(moment: datetime | None) -> date | None:
    """The day as GitHub's pages say it to everybody: in UTC."""
    return moment.astimezone(UTC).date() if moment else None


def is_whole(commit: Reference) -> bool:
    """Whether the reference has all of a commit's id, not only its start."""
    return len(commit.commit) == _FULL_ID


def whole_commit(commit: Reference, found: str) -> Reference:
    """The commit with the whole id ``found``.

    :raises ValueError: that is no id, or not one that starts as asked; what looks like the start
        of an id may be the name of a branch.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{_FULL_ID}}}", found) or not found.startswith(commit.commit):
        raise ValueError(f"it is about commit {found}")
    return commit._replace(commit=found)
