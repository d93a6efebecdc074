"""What a tracker item is, and what can be known of it. No Sphinx, no files, no network."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

#: ``owner/name`` as GitHub allows it: the owner may be a managed user, ``octocat_acme``, whose name
#: an organization made longer. ``.`` and ``..`` are not repository names.
REPOSITORY_PATTERN: Final = (
    r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}/(?!\.{1,2}(?![A-Za-z0-9._-]))[A-Za-z0-9._-]{1,100}"
)
HOST_PATTERN: Final = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::[0-9]{1,5})?"
#: ``owner/name``, on another host than github.com with that before it. Names of owners have no dot.
HOSTED_REPOSITORY_PATTERN: Final = (
    rf"(?:(?!(?i:www\.)?(?i:github\.com)/){HOST_PATTERN}/)?{REPOSITORY_PATTERN}"
)
#: A positive number without leading zeros; long enough for any tracker, too short to be a hash.
NUMBER_PATTERN: Final = r"[1-9][0-9]{0,8}"
COMMIT_PATTERN: Final = r"[0-9a-f]{7,40}"

_NUMBER = re.compile(NUMBER_PATTERN)
_LONGEST_SPAN: Final = 1_000
# Of all items that have no number on GitHub.
_KEY = re.compile(
    rf"bpo-(?P<bpo>{NUMBER_PATTERN})"
    rf"|(?P<repository>{HOSTED_REPOSITORY_PATTERN})@(?P<commit>{COMMIT_PATTERN})"
)


class ItemKind(StrEnum):
    """Where a reference points. GitHub numbers issues and pull requests together."""

    BPO = "bpo"
    NUMBER = "number"
    COMMIT = "commit"

    # In C, where Enum has one in Python: each look-up of a reference asks for it.
    __hash__ = str.__hash__


@lru_cache(maxsize=1_000)
def _is_repository(text: str) -> bool:
    return re.fullmatch(HOSTED_REPOSITORY_PATTERN, text) is not None


class Reference(msgspec.Struct, frozen=True, order=True, gc=False):
    """One item of a tracker: hashable, ordered (by number, not by its digits), prints as its key.

    :param repository: ``owner/name`` in lower case (GitHub ignores case), on another host than
        github.com ``host/owner/name``; empty for bpo.
    :param kind: which of the next two fields counts.
    :param number: bpo id or GitHub number; 0 for a commit.
    :param commit: 7 to 40 hexadecimal digits in lower case; empty for a number.
    """

    repository: str
    kind: ItemKind
    number: int = 0
    commit: str = ""

    @classmethod
    def bpo(cls, number: int) -> Reference:
        """The item that bugs.python.org knows as ``number``."""
        return cls("", ItemKind.BPO, number)

    @classmethod
    def github(cls, repository: str, number: int) -> Reference:
        """Issue or pull request ``number`` of ``repository``."""
        return cls(repository.lower(), ItemKind.NUMBER, number)

    @classmethod
    def github_commit(cls, repository: str, commit: str) -> Reference:
        """The commit whose id starts with ``commit``."""
        return cls(repository.lower(), ItemKind.COMMIT, commit=commit.lower())

    @classmethod
    def from_key(cls, key: str) -> Reference:
        """Inverse of ``str(reference)``.

        :raises ValueError: ``key`` is not a key.
        """
        repository, _, digits = key.partition("#")
        if digits and _is_repository(repository) and _NUMBER.fullmatch(digits):
            return cls(repository.lower(), ItemKind.NUMBER, int(digits))  # most keys
        match = _KEY.fullmatch(key)
        if match is None:
            raise ValueError(
                f"{key!r} is not a key; keys look like 'bpo-40512', 'python/cpython#84692' "
                "or 'python/cpython@5d38517aa183'"
            )
        bpo, repository, commit = match.groups()
        return cls.bpo(int(bpo)) if bpo else cls.github_commit(repository, commit)

    @property
    def host(self) -> str:
        """Which further host the repository is on; empty for github.com and for bpo."""
        return self.repository.partition("/")[0] if self.repository.count("/") > 1 else ""

    def __str__(self) -> str:
        if self.commit:
            return f"{self.repository}@{self.commit}"
        return f"{self.repository}#{self.number}" if self.repository else f"bpo-{self.number}"


class State(StrEnum):
    """What became of an item, in GitHub's own words; :mod:`.words` has those that readers see."""

    OPEN = "open"
    DRAFT = "draft"
    COMPLETED = "completed"
    NOT_PLANNED = "not planned"
    DUPLICATE = "duplicate"
    #: An issue closed for a reason that is not known, or a pull request closed unmerged.
    CLOSED = "closed"
    MERGED = "merged"
    COMMIT = "commit"
    #: Deleted, or never there.
    MISSING = "missing"
    #: The snapshot has no record yet, or one that does not say: ``Status.gap`` tells which.
    UNKNOWN = "unknown"

    __hash__ = str.__hash__


class Gap(StrEnum):
    """Why the state of an item is unknown."""

    NO_RECORD = "no record"
    NEVER_MOVED = "never moved"
    CIRCLE = "circle"

    __hash__ = str.__hash__


class Status(msgspec.Struct, frozen=True, gc=False):
    """What the snapshot knows of one item.

    :param reference: the item itself: the GitHub issue for a bpo id that moved there, the new
        number for a transferred issue.
    :param is_pull: True for a pull request, False for anything else, None where not known.
    :param first_release: first release that holds the merge or commit, as ``3.9.0a4``.
    :param as_of: the day on which all this was true; None without a snapshot.
    :param gap: why the state is unknown; of no meaning otherwise.
    """

    reference: Reference
    state: State = State.UNKNOWN
    title: str | None = None
    is_pull: bool | None = None
    opened: date | None = None
    closed: date | None = None
    first_release: str | None = None
    reverted_by: Reference | None = None
    as_of: date | None = None
    gap: Gap = Gap.NO_RECORD


def one_line(text: str, limit: int = 200) -> str:
    """``text`` as one line that cannot disturb its surroundings, cut to ``limit`` characters.

    Control and format characters go, bidirectional overrides among them (Unicode categories Cc,
    Cf, Cs, Co and Cn), but for those that words and emoji are spelt with; white space is folded.
    """
    # Cut first: a title of megabytes must not cost megabytes of work.
    head = text[: limit * 4]
    if not head.isprintable():
        head = "".join(filter(None, map(_visible, head)))
    folded = " ".join(head.split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


#: Code in a title: between equally long runs of back-ticks, which may hold others.
CODE: Final = re.compile(r"(?<!`)(`+)(?!`)(?P<code>.+?)(?<!`)\1(?!`)")


def without_code(title: str) -> str:
    """``title`` without the back-ticks around code, for where there is only plain text."""
    return CODE.sub(r"\g<code>", title)


# The non-joiner of Persian and others, the joiner of emoji, and the letters of flags.
_SPELT_WITH: Final = frozenset("\u200c\u200d" + "".join(map(chr, range(0xE0020, 0xE0080))))


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if character in _SPELT_WITH or not unicodedata.category(character).startswith("C"):
        return character
    return ""


def code_span(text: str) -> str:
    """``text`` on one line as a Markdown code span, whatever stands in it."""
    line = one_line(text, _LONGEST_SPAN) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    # A space that is next to the fence on both sides does not count.
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"
