"""What sentences claim of the items that they cite, and which claims the snapshot contradicts.

A claim is found without the snapshot (:mod:`.sentences`), so that what is kept of a page does not
depend on it; whether it still holds is asked in each build. No Sphinx, no files, no network.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from packaging.version import Version

from .model import Reference, State
from .urls import short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .model import Status

#: Stands in a passage for each character that is no prose: code, the text of a link to an item.
BLANK: Final = "\N{OBJECT REPLACEMENT CHARACTER}"


class Says(StrEnum):
    """What a sentence says of an item; the values are the names of the lists of phrases."""

    #: The item is open.
    OPEN = "open"
    #: It is not merged.
    UNMERGED = "unmerged"
    #: Something is left to do until it is closed.
    TODO = "todo"
    #: It was done: fixed, merged.
    DONE = "done"
    #: It was closed, for whatever reason.
    CLOSED = "closed"
    #: It came with a release.
    RELEASE = "release"


#: Besides the lists of `Says`: words before a phrase that make it a tale of the past, and words
#: before it that deny it; phrases which tell that the author knows the end; phrases that only look
#: like one of the others.
#:
#: In a phrase, any white space counts as one, ``...`` is up to four words, and capitals count only
#: where all letters are capitals.
PHRASES: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(phrase.strip() for phrase in phrases.split(","))
    for name, phrases in {
        "open": """
            still open, is open, are open, remains open, remain open, stays open, stay open,
            kept open, status open, state open, still a draft, open issue, open issues, open bug,
            open bugs, open pull request, open pull requests, open PR, open PRs, open tickets,
            open reports, not closed yet, not yet closed, not merged yet, not yet merged,
            not been merged yet, not yet been merged, still not merged, still unmerged,
            not landed yet, not yet landed, under review, in review, awaiting review, awaits review,
            waiting for review, waits for review, awaiting merge
        """,
        "unmerged": "has not been merged, have not been merged, hasn't been merged",
        "todo": """
            pending, TODO, FIXME, WIP, in progress, unresolved, unfixed, will be fixed,
            will be solved, will be resolved, will be merged, will land, will be implemented,
            will be closed, going to be, to be fixed, to be merged, not fixed yet, not yet fixed,
            not been fixed yet, not yet been fixed, not solved yet, not yet solved,
            not resolved yet, not yet resolved, not implemented yet, not yet implemented,
            not done yet, not yet done, workaround, workarounds, work-around, work around,
            works around, proposed, proposes, until ... fixed, until ... merged, until ... lands,
            once ... is fixed, once ... is merged, once ... lands, when ... is fixed,
            when ... is merged, when ... lands, fix is not enough
        """,
        "done": """
            merged, landed, DONE, fixed by, fixed in, fixed with, solved by, solved in, solved with,
            resolved by, resolved in, implemented by, was fixed, were fixed, is fixed, are fixed,
            been fixed, was solved, is solved, been solved, was resolved, is resolved,
            been resolved, addressed by, addressed in, completed by, completed in, released in,
            fixed since, solved since, now fixed, now solved
        """,
        "closed": """
            is closed, are closed, was closed, were closed, has been closed, have been closed,
            closed as, closed by, status closed, state closed
        """,
        "past": """
            was, were, had, had been, until, till, before, formerly, once, then, first, originally,
            initially, already, no longer, not, nor, never, no, without, instead of, rather than,
            than, wasn't, weren't, isn't, aren't
        """,
        "not": """
            not, never, no, cannot, can, could, may, might, must, should, would, will, to be,
            to get, be, until, unless, if, once, when, before, without, yet, nor, neither, hardly,
            partly, partially, nearly, almost, half, wasn't, weren't, isn't, aren't, hasn't,
            haven't, nothing, nobody, whether, far from, part, parts, some
        """,
        "end": """
            reverted, revert, reverts, taken back, took back, took it back, took that back,
            took this back, took them back, backed out, rolled back, withdrawn, rejected, abandoned,
            superseded, not planned, nothing came of, gone, removed, dropped, without a merge,
            without being merged, unmerged, closed unmerged, no longer needed, needed no longer,
            obsolete, went away
        """,
        "ignore": """
            pending call, pending calls, pending signal, pending signals, pending exception,
            pending exceptions, pending deprecation, open question, open questions, as proposed
        """,
    }.items()
}

# What an item in one of these states needs no more.
_FINAL: Final = frozenset(State) - {State.OPEN, State.DRAFT, State.MISSING, State.UNKNOWN}
_IN_THE_TREE: Final = frozenset({State.MERGED, State.COMMIT})
_STILL_OPEN: Final = frozenset({State.OPEN, State.DRAFT})


#: So many words make no sentence: they say something of what stands beside or below them.
SHORT: Final = 6


class Mention(NamedTuple):
    """A reference to an item in a passage.

    :param start: where its text starts in the passage; ``end`` is where it ends.
    :param item: its key.
    :param line: where it stands in the source file.
    :param is_settled: whether the author has said that the sentence stands as it is.
    """

    start: int
    end: int
    item: str
    line: int
    is_settled: bool = False


class Passage(NamedTuple):
    """Text without a break: a paragraph, a cell, a comment.

    :param text: as a reader sees it.
    :param prose: the same, as long, with ``BLANK`` for all that is no prose of the author's.
    :param mentions: the items in it, in their order.
    :param leads: prose of what is said of the passage as a whole: the line before a list, a heading
        above it, short cells of the same row.
    """

    text: str
    prose: str
    mentions: tuple[Mention, ...]
    leads: tuple[str, ...] = ()


def is_short(passage: Passage) -> bool:
    """Whether a passage is hardly more than the items in it."""
    return len(passage.prose.replace(BLANK, " ").split()) <= SHORT


def is_lead(passage: Passage) -> bool:
    """Whether what is said in a passage is said of the list below it."""
    return not passage.mentions and (is_short(passage) or passage.prose.rstrip().endswith(":"))


class Claim(NamedTuple):
    """What a sentence claims of one item.

    :param says: what.
    :param phrase: the words that say it, as in the text: ``still open``, ``since 3.10``.
    :param item: the key, as cited.
    :param line: of the item, in the source file.
    :param sentence: on one line.
    :param releases: those beside the item, if the claim is about one.
    :param beside: the keys of the other items that share the statement: of a backport, perhaps.
    """

    says: Says
    phrase: str
    item: str
    line: int
    sentence: str
    releases: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


# Verdicts ----------------------------------------------------------------------------------


def contradiction(claim: Claim, status_of: Callable[[str], Status]) -> str | None:
    """What the snapshot says against a claim, in words; None if it says nothing against it.

    :param status_of: the snapshot's answer for a key.
    """
    status = status_of(claim.item)
    match claim.says:
        case Says.OPEN:
            is_wrong = status.state in _FINAL
        case Says.UNMERGED:
            is_wrong = status.state in _IN_THE_TREE and not status.reverted_by
        case Says.TODO:
            is_wrong = status.state in _FINAL and not status.reverted_by
        case Says.DONE:
            is_wrong = (
                status.state in _STILL_OPEN
                or status.state is State.NOT_PLANNED
                or (status.state is State.CLOSED and bool(status.is_pull))
                or bool(status.reverted_by)
            )
        case Says.CLOSED:
            is_wrong = status.state in _STILL_OPEN
        case Says.RELEASE:
            if status.first_release is None:
                return None
            # A backport counts, be it cited beside the change or the other way round.
            shared = (status_of(key).first_release for key in claim.beside)
            known = map(Version, [status.first_release, *filter(None, shared)])
            claimed = [*map(Version, claim.releases)]
            if any(_fits(first, release) for first in known for release in claimed):
                return None
            return f"is first in {status.first_release}"
    return f"is {describe(status)}" if is_wrong else None


#: What an item can be while something is written; the first one is the usual one.
WHILE: Final = (
    "open",
    "draft",
    "closed",
    "completed",
    "not planned",
    "duplicate",
    "merged",
    "reverted",
)


def holds(state: str, status: Status) -> bool:
    """Whether an item is in one of the states of ``WHILE``; what is not known speaks for it.

    *open* is a draft, too, *closed* an issue closed for whatever reason or a pull request closed
    without a merge, *merged* a commit as well.
    """
    is_reverted = bool(status.reverted_by)
    match state:
        case _ if status.state is State.UNKNOWN:
            return True
        case "open":
            return status.state in _STILL_OPEN
        case "closed":
            return status.state in _FINAL - _IN_THE_TREE
        case "merged":
            return status.state in _IN_THE_TREE and not is_reverted
        case "reverted":
            return is_reverted
        case _:
            return status.state == state


def describe(status: Status) -> str:
    """The words of the badge of an item, in English."""
    if status.reverted_by:
        return f"{status.state}, reverted by {status.reverted_by}"
    if status.state is State.CLOSED and status.is_pull:
        return "closed without a merge"
    articled = {State.COMMIT, State.DRAFT, State.DUPLICATE}
    return f"a {status.state}" if status.state in articled else status.state.value


class Written(NamedTuple):
    """What was written while an item had a state.

    :param item: its key, as cited.
    :param state: one of ``WHILE``.
    :param source: the path of the file.
    """

    item: str
    state: str
    source: str
    line: int


def name_overtaken(written: Written, status: Status, home: str) -> str:
    """What the author is told of a text that was written while an item had another state."""
    name = short_name(Reference.from_key(written.item), home)
    return f"{name} is {describe(status)}, but this was written while it was {written.state}"


def find_problem(claim: Claim, status_of: Callable[[str], Status], home: str) -> str | None:
    """What the author is told of a claim that the snapshot contradicts; None of all others.

    :param status_of: the snapshot's answer for a key.
    :param home: the repository that needs no naming.
    """
    said = contradiction(claim, status_of)
    if said is None:
        return None
    name = short_name(Reference.from_key(claim.item), home)
    return f'{name} {said}, but the sentence says "{claim.phrase}": {claim.sentence}'


def _fits(first: Version, release: Version) -> bool:
    """Whether a change that is first in one release may be said to have come with another."""
    if release.release[:1] != first.release[:1]:
        # Another numbering: of Python, say, on the page of a library.
        return True
    if len(release.release) == 2 and not release.is_prerelease:
        series = first.release[:2]
        # A backport came into an older series afterwards: the change itself is in the next one.
        return release.release == series or (first.micro > 0 and release.release > series)
    if release == first or (first.is_prerelease and release.release == first.release[:3]):
        return not release.is_prerelease or release == first
    # What was fixed in a later maintenance release of an older series is a backport, and so is the
    # other way round.
    return (release.micro > 0 and release.release[:2] < first.release[:2]) or (
        first.micro > 0 and release.release[:2] > first.release[:2]
    )
