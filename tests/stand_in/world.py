"""What there is on the servers that the stand-in stands in for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Issue:
    """An issue. Times are written as the API writes them, states and reasons as GraphQL does."""

    number: int
    title: str = "An issue"
    state: Literal["OPEN", "CLOSED"] = "OPEN"
    reason: Literal["COMPLETED", "NOT_PLANNED", "DUPLICATE", "REOPENED"] | None = None
    created: str = "2020-05-05T10:00:00Z"
    closed: str | None = None
    updated: str = "2026-01-01T00:00:00Z"


@dataclass
class Pull:
    """A pull request."""

    number: int
    title: str = "A pull request"
    state: Literal["OPEN", "CLOSED", "MERGED"] = "OPEN"
    is_draft: bool = False
    created: str = "2020-05-05T10:00:00Z"
    closed: str | None = None
    merged: str | None = None
    updated: str = "2026-01-01T00:00:00Z"


@dataclass
class Commit:
    """A commit.

    :param oid: its whole id, 40 hexadecimal digits.
    """

    oid: str
    message: str = "A change"
    committed: str = "2020-05-05T10:00:00Z"


@dataclass
class Repository:
    """A repository.

    :param name: ``owner/name``, in the case of letters that its owner prefers.
    :param moved: numbers that were transferred: to which repository and number.
    :param deleted: numbers that were deleted.
    :param branches: name to the id of a commit.
    :param is_private: whether nobody sees it without the token.
    """

    name: str
    items: dict[int, Issue | Pull] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    moved: dict[int, tuple[str, int]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    branches: dict[str, str] = field(default_factory=dict)
    is_private: bool = False

    def add(self, *things: Issue | Pull | Commit) -> None:
        """Put issues, pull requests and commits into it."""
        for thing in things:
            if isinstance(thing, Commit):
                self.commits[thing.oid] = thing
            else:
                self.items[thing.number] = thing


@dataclass
class BpoIssue:
    """An id of bugs.python.org.

    :param github: its number on GitHub; None if it was not moved there.
    """

    github: int | None = None


@dataclass
class World:
    """Everything.

    :param has_bpo_lists: whether bugs.python.org exports lists.
    :param token: the only one that GitHub accepts.
    :param points: what GitHub grants in an hour to those who have a token.
    :param renamed: names that repositories had before: old to new.
    :param forbidden: numbers that the token may not read.
    :param costly: items that one question may ask for, before the rest is left out.
    """

    repositories: dict[str, Repository] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    bpo: dict[int, BpoIssue] = field(default_factory=dict)
    peps: list[int] = field(default_factory=list)
    has_bpo_lists: bool = True
    token: str = "ghp_0123456789abcdefghijklmnopqrstuvwxyzABCD"
    points: int = 5_000
    forbidden: set[int] = field(default_factory=set)
    costly: int = 1_000

    def repository(self, name: str) -> Repository:
        """The repository ``owner/name``, which is made if it is not there."""
        return self.repositories.setdefault(name.lower(), Repository(name))

    def find(self, name: str) -> Repository | None:
        """The repository that has the name ``owner/name``, or had it once."""
        current = self.renamed.get(name.lower(), name)
        return self.repositories.get(current.lower())
