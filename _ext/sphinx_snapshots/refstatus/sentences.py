"""Finds what sentences claim of the items that they cite: by phrases, and by where these stand.

Only who wants that loads this, since its patterns take time to be made.
No Sphinx, no files, no network.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from .claims import BLANK, PHRASES, SHORT, Claim, Says
from .model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .claims import Mention, Passage

_WORD: Final = re.compile(r"[\w-]+")


class Phrases:
    """Lists of phrases, ready to be looked for.

    :param lists: by the names that ``PHRASES`` has for them.
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
            if _is_taken_back(self._phrases, says, self._prose, start):
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
