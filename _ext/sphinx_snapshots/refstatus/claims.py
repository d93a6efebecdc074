"""What sentences claim of the items that they cite, and which claims the snapshot contradicts.

A claim is found without the snapshot, so that what is kept of a page does not depend on it; whether
it still holds is asked in each build. No Sphinx, no files, no network.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from packaging.version import Version

from .model import Reference, State, one_line
from .urls import short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


#: The lists of phrases besides those of `Says`: words before a phrase that make it a tale of the
#: past, and words before it that deny it; phrases which tell that the author knows the end; phrases
#: that only look like one of the others.
OTHER_LISTS: Final = ("past", "not", "end", "ignore")

#: In a phrase, any white space counts as one, ``...`` is up to four words, and capitals count only
#: where all letters are capitals.
PHRASES: Final[Mapping[str, tuple[str, ...]]] = {
    "open": (
        *("still open", "is open", "are open", "remains open", "remain open", "stays open"),
        *("stay open", "kept open", "status open", "state open", "still a draft"),
        *("open issue", "open issues", "open bug", "open bugs", "open pull request"),
        *("open pull requests", "open PR", "open PRs", "open tickets", "open reports"),
        *("not closed yet", "not yet closed", "not merged yet", "not yet merged"),
        *("not been merged yet", "not yet been merged", "still not merged", "still unmerged"),
        *("not landed yet", "not yet landed", "under review", "in review", "awaiting review"),
        *("awaits review", "waiting for review", "waits for review", "awaiting merge"),
    ),
    "unmerged": ("has not been merged", "have not been merged", "hasn't been merged"),
    "todo": (
        *("pending", "TODO", "FIXME", "WIP", "in progress", "unresolved", "unfixed"),
        *("will be fixed", "will be solved", "will be resolved", "will be merged", "will land"),
        *("will be implemented", "will be closed", "going to be", "to be fixed", "to be merged"),
        *("not fixed yet", "not yet fixed", "not been fixed yet", "not yet been fixed"),
        *("not solved yet", "not yet solved", "not resolved yet", "not yet resolved"),
        *("not implemented yet", "not yet implemented", "not done yet", "not yet done"),
        *("workaround", "workarounds", "work-around", "work around", "works around"),
        *("proposed", "proposes", "until ... fixed", "until ... merged", "until ... lands"),
        *("once ... is fixed", "once ... is merged", "once ... lands", "when ... is fixed"),
        *("when ... is merged", "when ... lands", "fix is not enough"),
    ),
    "done": (
        *("merged", "landed", "DONE", "fixed by", "fixed in", "fixed with", "solved by"),
        *("solved in", "solved with", "resolved by", "resolved in", "implemented by"),
        *("was fixed", "were fixed", "is fixed", "are fixed", "been fixed", "was solved"),
        *("is solved", "been solved", "was resolved", "is resolved", "been resolved"),
        *("addressed by", "addressed in", "completed by", "completed in", "released in"),
        *("fixed since", "solved since", "now fixed", "now solved"),
    ),
    "closed": (
        *("is closed", "are closed", "was closed", "were closed", "has been closed"),
        *("have been closed", "closed as", "closed by", "status closed", "state closed"),
    ),
    "past": (
        *("was", "were", "had", "had been", "until", "till", "before", "formerly", "once", "then"),
        *("first", "originally", "initially", "already", "no longer", "not", "nor", "never"),
        *(
            "no",
            "without",
            "instead of",
            "rather than",
            "than",
            "wasn't",
            "weren't",
            "isn't",
            "aren't",
        ),
    ),
    "not": (
        *("not", "never", "no", "cannot", "can", "could", "may", "might", "must", "should"),
        *("would", "will", "to be", "to get", "be", "until", "unless", "if", "once", "when"),
        *("before", "without", "yet", "nor", "neither", "hardly", "partly", "partially", "nearly"),
        *("almost", "half", "wasn't", "weren't", "isn't", "aren't", "hasn't", "haven't"),
        *("nothing", "nobody", "whether", "far from", "part", "parts", "some"),
    ),
    "end": (
        *("reverted", "revert", "reverts", "taken back", "took back", "took it back"),
        *("took that back", "took this back", "took them back", "backed out", "rolled back"),
        *("withdrawn", "rejected", "abandoned", "superseded", "not planned", "nothing came of"),
        *("gone", "removed", "dropped", "without a merge", "without being merged", "unmerged"),
        *("closed unmerged", "no longer needed", "needed no longer", "obsolete", "went away"),
    ),
    "ignore": (
        *("pending call", "pending calls", "pending signal", "pending signals"),
        *("pending exception", "pending exceptions", "pending deprecation", "open question"),
        *("open questions", "as proposed"),
    ),
}

# What an item in one of these states needs no more.
_FINAL: Final = frozenset(
    {
        State.COMPLETED,
        State.NOT_PLANNED,
        State.DUPLICATE,
        State.CLOSED,
        State.MERGED,
        State.COMMIT,
    }
)
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


# Phrases -----------------------------------------------------------------------------------


_WORD: Final = re.compile(r"[\w-]+")


class Phrases:
    """Lists of phrases, ready to be looked for.

    :param lists: by the names of `Says` (but for releases) and of ``OTHER_LISTS``.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        names = ["ignore", *(says.value for says in Says if says is not Says.RELEASE), "end"]
        pairs = [(phrase, name) for name in names for phrase in lists[name]]
        # Of two that start at the same place, the longer one; "not merged yet" before "merged".
        pairs.sort(key=lambda pair: (pair[1] != "ignore", -len(pair[0])))
        self._names = [name for _, name in pairs]
        alternatives = "|".join(f"({_pattern(phrase)})" for phrase, _ in pairs)
        self._any = re.compile(rf"(?<![\w-])(?:{alternatives or '(?!)'})(?![\w-])", re.I)
        self._before = {name: _at_end(lists[name]) for name in ("past", "not")}
        # By the longest word of a phrase: all of its words.
        self._needed: dict[str, list[frozenset[str]]] = {}
        for name in Says:
            for phrase in lists.get(name, ()):
                words = _WORD.findall(phrase.lower())
                longest = max(words, key=len, default="")
                self._needed.setdefault(longest, []).append(frozenset(words))

    def may_be_in(self, prose: str) -> bool:
        """Whether there may be a phrase that claims something, as in few texts: a quick look."""
        words = {"", *_WORD.findall(prose.lower())}
        return any(
            needed <= words for word in self._needed.keys() & words for needed in self._needed[word]
        )

    def find(self, prose: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and list of each phrase."""
        for match in self._any.finditer(prose):
            assert match.lastindex is not None  # each alternative is a group
            yield match.start(), match.end(), self._names[match.lastindex - 1]

    def is_taken_back(self, name: str, words: str) -> bool:
        """Whether one of a list (``past``, ``not``) is among the last words before a phrase."""
        return self._before[name].search(words) is not None


def _pattern(phrase: str) -> str:
    words = [r"(?:\S+\s+){0,4}?" if word == "..." else re.escape(word) for word in phrase.split()]
    pattern = r"\s+".join(words).replace(r"{0,4}?\s+", "{0,4}?")
    return f"(?-i:{pattern})" if phrase.isupper() else pattern


def _at_end(phrases: Iterable[str]) -> re.Pattern[str]:
    """Matches words that end with one of the phrases and up to two words more."""
    alternatives = "|".join(map(_pattern, phrases)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{alternatives})(?:\s+[^\s,;:()]+){{0,2}}\s*\Z", re.I)


@lru_cache(maxsize=8)
def phrases_of(changes: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> Phrases:
    """The built-in phrases with the changes of a site.

    :param changes: pairs of the name of a list and what it is; ``*`` in it is the built-in list.
    """
    lists = {**PHRASES}
    for name, phrases in changes:
        whole = [PHRASES[name] if phrase == "*" else (phrase,) for phrase in phrases]
        lists[name] = tuple(phrase for part in whole for phrase in part)
    return Phrases(lists)


# Sentences ---------------------------------------------------------------------------------

_OPENING, _CLOSING = (
    "\"'(\\[\N{LEFT DOUBLE QUOTATION MARK}",
    "\"')\\]\N{RIGHT DOUBLE QUOTATION MARK}",
)
# A name of code may begin a sentence.
_SENTENCE_END: Final = re.compile(rf"[.!?][{_CLOSING}]*\s+(?=[{_OPENING}]*[A-Z{BLANK}])")
_ABBREVIATION: Final = re.compile(r"\b(?:e\.g|i\.e|cf|vs|approx|resp|incl|ca|No|Nos|etc)\.$")
#: Between clauses. A comma is none: what is said of an item often stands behind one.
_CLAUSE_END: Final = re.compile(
    r"[;:|—]|\s(?:but|while|whereas|although|though|however)\s|--|\n\s*\n", re.I
)
# How items that share a statement follow each other.
_IN_A_GROUP: Final = re.compile(r"[\s,/&(]*(?:\b(?:and|or)\b)?[\s(]*", re.I)
# A verb in the singular.
_ONE_OF_THEM: Final = re.compile(
    r"\s+(?:(?:also|now|too|still|\w+ly)\s+)?(?:is|was|has|isn't|wasn't|hasn't|remains|stays|waits"
    r"|awaits|adds|fixes|solves)\b",
    re.I,
)
_DATED: Final = re.compile(
    r"\b(?:in|of|on|by|until|as of|at)\s+(?:the\s+end\s+of\s+)?(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?"
    r"(?:\d{1,2},\s+)?(?:(?:19|20)\d\d\b|\d{4}-\d\d-\d\d)"
)
# What is said to be open or closed is an item only if the sentence says so.
_IS_VERB: Final = re.compile(r"(?:is|are|was|were|has|have)\s", re.I)
_LITTLE: Final = re.compile(
    r"[\s),]*(?:(?:both|all|too|itself|also|now|today|which)\b[\s,]*)*", re.I
)
_TRACKED: Final = re.compile(
    r"(?<![\w-])(?:issue|bug|report|ticket|item|pull request|PR|patch|change|it|this|both|all)"
    r"e?s?(?:\s+(?:for|of|about|on)\s+(?:this|it|that))?[\s)]*\Z",
    re.I,
)
_ENDS_WITH_PREPOSITION: Final = re.compile(r"\b(?:by|in|with)\Z", re.I)
_PLAIN_BREAK: Final = re.compile(r"[,()]")
# An item so far away from a release is not beside it.
_BESIDE: Final = 90
# As far as so many characters.
_COMMA: Final = 15

_VERSION: Final = r"v?[0-9]{1,4}(?:\.[0-9]{1,4}){1,3}(?:(?:a|b|rc)[0-9]{1,3})?"
_RELEASE: Final = re.compile(
    r"(?<![\w-])(?P<cue>since|from|in|as of|starting with|starting in)\s+"
    r"(?:(?:C?Python|version|release|versions|releases)\s+)?"
    rf"(?P<first>{_VERSION})(?P<more>(?:(?:,\s+and|,|\s+and|\s+or)\s+{_VERSION})*)"
    r"(?!\w|\.\d|\s+(?:to|until|through)\b|\s*[\N{EN DASH}-]\s*\d"
    r"|\s+and\s+(?:earlier|older|before))",
    re.I | re.ASCII,
)


# What each name of a release has.
_DIGITS: Final = re.compile(r"[0-9]\.[0-9]")


# Before a release that does not have the change.
_NOT_THERE: Final = re.compile(
    r"(?<![\w-])(?:not|never|no|none|missing|absent|lacking|unknown)\s+(?:[\w-]+\s+)?\Z", re.I
)


class _Group(NamedTuple):
    """Items that stand side by side."""

    start: int
    end: int
    mentions: tuple[Mention, ...]


def sentences(prose: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence."""
    start = 0
    for match in _SENTENCE_END.finditer(prose):
        if not _ABBREVIATION.search(prose, start, match.start() + 1):
            yield start, match.end()
            start = match.end()
    if start < len(prose):
        yield start, len(prose)


def cited_sentences(passage: Passage) -> Iterator[tuple[Mention, str]]:
    """Each item of a passage with the sentence around it, on one line."""
    for start, end in sentences(passage.prose):
        for mention in passage.mentions:
            if start <= mention.start < end:
                yield mention, one_line(passage.text[start:end])


def find_claims(passage: Passage, phrases: Phrases) -> Iterator[Claim]:
    """What the sentences of a passage claim of its items, but for those that are settled."""
    texts = (passage.prose, *passage.leads)
    if not any(_DIGITS.search(text) or phrases.may_be_in(text) for text in texts):
        return
    is_first = True
    for start, end in sentences(passage.prose):
        mentions = [m for m in passage.mentions if start <= m.start < end]
        words = passage.text[start:end]
        if mentions and not words.rstrip().endswith("?"):
            own = _Sentence(words, passage.prose[start:end], start, mentions, phrases)
            leads = passage.leads if is_first else ()
            text = one_line(words)
            for said in own.claims(leads):
                if not said.of.is_settled:
                    lead = one_line(re.sub(f"{BLANK}+", "…", said.lead))
                    sentence = f"{lead} … {text}" if lead else text
                    yield Claim(
                        said.says,
                        one_line(said.phrase),
                        said.of.item,
                        said.of.line,
                        sentence,
                        said.releases,
                        said.beside,
                    )
        is_first = False


class _Said(NamedTuple):
    """A claim before it is put into words: see `Claim`.

    :param lead: where the phrase stands, if not in the sentence itself.
    """

    says: Says
    phrase: str
    of: Mention
    lead: str = ""
    releases: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class _Sentence:
    """One sentence and what is in it.

    :param text: as a reader sees it.
    :param offset: where it starts in its passage.
    """

    def __init__(
        self, text: str, prose: str, offset: int, mentions: Sequence[Mention], phrases: Phrases
    ) -> None:
        self._text = text
        self._prose = prose
        self._phrases = phrases
        moved = [m._replace(start=m.start - offset, end=m.end - offset) for m in mentions]
        self._groups = list(_group(prose, moved))
        self._clauses = [0, *(match.end() for match in _CLAUSE_END.finditer(prose))]

    def claims(self, leads: Iterable[str]) -> Iterator[_Said]:
        """What is said, by which words, of which item, which releases, and in which lead."""
        found = list(self._phrases.find(self._prose))
        knows_the_end = any(name == "end" for _, _, name in found)
        said: dict[int, dict[Says, str]] = {}
        spoken = {name for _, _, name in found} - {"ignore"}
        for start, end, name in found:
            if name in {"ignore", "end"}:
                continue
            says = Says(name)
            if self._is_taken_back(says, start):
                continue
            for place in self._of_whom(says, start, end):
                said.setdefault(place, {}).setdefault(says, self._text[start:end])
        for place, claims in said.items():
            yield from self._of_group(self._groups[place], claims, "", knows_the_end=knows_the_end)
        for place, releases in self._releases().items():
            yield from _of_release(self._groups[place], *releases)
        if not spoken and not _RELEASE.search(self._prose):
            yield from self._claims_of(leads)

    def _of_group(
        self, group: _Group, claims: Mapping[Says, str], lead: str, *, knows_the_end: bool
    ) -> Iterator[_Said]:
        tells_a_story = bool(claims.keys() & _SAYS_ENDED) and bool(claims.keys() & _SAYS_GOING_ON)
        for says, phrase in claims.items():
            if tells_a_story or (knows_the_end and says in {Says.TODO, Says.DONE}):
                continue
            for mention in group.mentions:
                yield _Said(says, phrase, mention, lead)

    def _claims_of(self, leads: Iterable[str]) -> Iterator[_Said]:
        """What was said before this sentence of all its items: a lead says one thing at most."""
        for lead in leads:
            found = [each for each in self._phrases.find(lead) if each[2] != "ignore"]
            start, end, name = found[0] if found else (0, 0, "end")
            if name != "end" and not _is_taken_back(self._phrases, Says(name), lead, start):
                claims = {Says(name): lead[start:end]}
                for group in self._groups:
                    yield from self._of_group(group, claims, lead, knows_the_end=False)
                return
        for lead in leads:
            if len(lead.split()) <= SHORT and (match := _RELEASE.search(lead)):
                for group in self._groups:
                    yield from _of_release(group, match[0], _versions(match), lead)
                return

    def _is_taken_back(self, says: Says, start: int) -> bool:
        return _is_taken_back(self._phrases, says, self._prose, start)

    def _clause_of(self, position: int) -> int:
        return bisect_right(self._clauses, position)

    def _of_whom(self, says: Says, start: int, end: int) -> list[int]:
        """Which groups a phrase is about, by their numbers."""
        if says in {Says.OPEN, Says.CLOSED} and _IS_VERB.match(self._prose, start):
            before = [g.end for g in self._groups if g.end <= start]
            subject = self._prose[before[-1] if before else 0 : start]
            if not (before and _LITTLE.fullmatch(subject)) and not _TRACKED.search(subject):
                return []  # a door is open
        here = self._clause_of(start)
        near = [n for n, g in enumerate(self._groups) if self._clause_of(g.start) == here]
        candidates = near or list(range(len(self._groups)))
        if not candidates:
            return []
        nearest = min(candidates, key=lambda n: self._distance(self._groups[n], start, end))
        if not _ENDS_WITH_PREPOSITION.search(self._prose, start, end):
            return [nearest]
        # "gh-1 was fixed by gh-2" says something of both.
        before = [n for n in near if self._groups[n].end <= start]
        behind = [n for n in near if self._groups[n].start >= end]
        both = {nearest}
        if behind:
            both.add(behind[0])
        if before and not _PLAIN_BREAK.search(self._prose, self._groups[before[-1]].end, start):
            both.add(before[-1])
        return sorted(both)

    def _distance(self, group: _Group, start: int, end: int) -> int:
        """How far it is from a group to a phrase, in characters; what a comma parts is farther."""
        first, last = (end, group.start) if group.start >= end else (group.end, start)
        return max(last - first, 0) + _COMMA * self._prose.count(",", first, last)

    def _releases(self) -> dict[int, tuple[str, tuple[str, ...]]]:
        """Number of a group to the words that name releases beside it, and the releases."""
        found: dict[int, tuple[str, tuple[str, ...]]] = {}
        for match in _RELEASE.finditer(self._prose):
            start, end = match.span()
            if _NOT_THERE.search(self._prose, 0, start):
                continue
            here = self._clause_of(start)
            near = [
                n
                for n, g in enumerate(self._groups)
                if self._clause_of(g.start) == here and self._distance(g, start, end) <= _BESIDE
            ]
            if near:
                nearest = min(near, key=lambda n: self._distance(self._groups[n], start, end))
                cue, versions = found.get(nearest, ("", ()))
                cue = f"{cue}, {match[0]}" if cue else match[0]
                found[nearest] = cue, (*versions, *_versions(match))
        return found


_SAYS_ENDED: Final = frozenset({Says.DONE, Says.CLOSED})
_SAYS_GOING_ON: Final = frozenset({Says.OPEN, Says.UNMERGED, Says.TODO})


def _is_taken_back(phrases: Phrases, says: Says, prose: str, start: int) -> bool:
    """Whether what stands around a phrase says that it is not, or no longer, so."""
    part_start = max((prose.rfind(mark, 0, start) for mark in ",;:()|—"), default=-1) + 1
    before = prose[part_start:start]
    if says in _SAYS_ENDED:
        return phrases.is_taken_back("not", before)
    if phrases.is_taken_back("past", before):
        return True
    # What has a date stays true. A clause ends with a semicolon here, not with a comma.
    clause_start = max(prose.rfind(mark, 0, start) for mark in ";:|—") + 1
    ends = [place for mark in ";:|—" if (place := prose.find(mark, start)) >= 0]
    return _DATED.search(prose, clause_start, min(ends, default=len(prose))) is not None


def _group(prose: str, mentions: Iterable[Mention]) -> Iterator[_Group]:
    """The mentions in groups, but for one that is the subject of a sentence by itself."""
    waiting: list[Mention] = []
    for mention in mentions:
        if waiting and not _IN_A_GROUP.fullmatch(prose, waiting[-1].end, mention.start):
            yield from _divide(prose, waiting)
            waiting = []
        waiting.append(mention)
    if waiting:
        yield from _divide(prose, waiting)


def _divide(prose: str, mentions: Sequence[Mention]) -> Iterator[_Group]:
    last = mentions[-1:]
    if len(mentions) > 1 and _ONE_OF_THEM.match(prose, last[0].end):
        between = prose[mentions[-2].end : last[0].start]
        # "gh-1, and gh-2 is open", but not "gh-1 (gh-2) is open".
        if "(" not in between and "/" not in between:
            yield _make_group(mentions[:-1])
            mentions = last
    yield _make_group(mentions)


def _make_group(mentions: Sequence[Mention]) -> _Group:
    return _Group(mentions[0].start, mentions[-1].end, tuple(mentions))


def _of_release(
    group: _Group, cue: str, releases: tuple[str, ...], lead: str = ""
) -> Iterator[_Said]:
    keys = [mention.item for mention in group.mentions]
    for mention in group.mentions:
        beside = tuple(key for key in keys if key != mention.item)
        yield _Said(Says.RELEASE, cue, mention, lead, releases, beside)


def _versions(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(re.findall(_VERSION, match["first"] + match["more"], re.ASCII | re.I))


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
            known = [status.first_release, *filter(None, shared)]
            if any(_fits(Version(first), map(Version, claim.releases)) for first in known):
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


def _fits(first: Version, claimed: Iterable[Version]) -> bool:
    return any(_fits_one(first, release) for release in claimed)


def _fits_one(first: Version, release: Version) -> bool:
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
