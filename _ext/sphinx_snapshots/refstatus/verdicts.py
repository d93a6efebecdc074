"""From what linkcheck saw of a link to a verdict in one of three words. No Sphinx, no network."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from ..kit.files import FileError, read_bytes
from .model import code_span, one_line
from .urls import host_of_repositories

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Who sends these says nothing of the page: it has too much to do, or takes us for a robot.
_NO_VERDICT: Final = frozenset({403, 408, 429, 502, 503, 504})
_HTTP_STATUS = re.compile(r"(?P<status>[0-9]{3}) (?:Client|Server) Error", re.ASCII)
_ANCHOR = re.compile(r"Anchor '.*' not found")
# The words of requests and urllib3 for a connection that nobody could make or keep.
_NO_CONNECTION = re.compile(
    r"ProxyError|NameResolutionError|NewConnectionError|Failed to establish a new connection"
    r"|Failed to resolve|ConnectTimeoutError|connect timeout"
)
_NO_ANSWER = re.compile(
    r"timed out|RemoteDisconnected|Connection aborted|Connection reset|IncompleteRead"
)
# What servers and libraries say may be of any length, and hold anything.
_LONGEST_REASON: Final = 500
_AT_PLACE: Final = re.compile(r"https?://[^/*]+/[^*]*\*?")


class Word(StrEnum):
    """A verdict. What is unknown is never counted as good."""

    BROKEN = "broken"
    UNKNOWN = "unknown"
    GOOD = "good"


class Redirect(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from"}):
    """A redirect that is as it should be.

    :param start: an address, or with a star at its end the beginning of some.
    :param to: the same, of where it leads.
    """

    start: str
    to: str
    reason: str

    def allows(self, uri: str, target: str) -> bool:
        """Whether this is about the redirect from ``uri`` to ``target``."""
        return _fits(self.start, uri) and _fits(self.to, target)


class Exemption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link that may be broken for a while.

    :param url: the address; no pattern, so that no host is left out as a whole.
    :param until: the last day on which that holds.
    """

    url: str
    reason: str
    until: date


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a site says of its links."""

    redirect: tuple[Redirect, ...] = ()
    exception: tuple[Exemption, ...] = ()

    def exempts(self, uri: str, today: date) -> Exemption | None:
        """The exception that holds for ``uri`` today."""
        fitting = (each for each in self.exception if each.url == uri and today <= each.until)
        return next(fitting, None)


def _fits(pattern: str, uri: str) -> bool:
    return uri.startswith(pattern[:-1]) if pattern.endswith("*") else uri == pattern


def read_rules(path: Path) -> Rules:
    """The rules in the TOML file ``path``.

    :raises FileError: it cannot be read, or says what no rule can say.
    """
    content = read_bytes(path)
    try:
        rules = msgspec.convert(tomllib.loads(content.decode()), Rules)
    except ValueError as error:  # of TOML, of UTF-8, and of what is in it
        raise FileError(f"{path}: {error}") from error
    for redirect in rules.redirect:
        for address in (redirect.start, redirect.to):
            if not _AT_PLACE.fullmatch(address):
                what = "an address, or its beginning with a star at the end"
                raise FileError(f"{path}: {address!r} is not {what}")
    for exception in rules.exception:
        if not _AT_PLACE.fullmatch(exception.url) or "*" in exception.url:
            raise FileError(f"{path}: {exception.url!r} is not an address; none stands for others")
    reasons = [(each.start, each.reason) for each in rules.redirect]
    for address, reason in [*reasons, *((each.url, each.reason) for each in rules.exception)]:
        if not reason.strip():
            raise FileError(f"{path}: the rule for {address} has no reason")
    return rules


class Seen(NamedTuple):
    """What linkcheck, or who vouches for an address, saw of it.

    :param status: in Sphinx's words, or ``"verified"``.
    :param info: Sphinx's message; of a redirect where it leads.
    :param code: the status of a redirect; else mostly 0, whatever the server sent.
    :param words: who says so, and from when that is, where nobody was asked.
    """

    status: str
    info: str = ""
    code: int = 0
    words: str = ""


class Verdict(NamedTuple):
    """What became of a link.

    :param why: in words; empty for what simply works.
    :param may_pass: whether it may be better in a moment, so that it is worth to ask again.
    """

    word: Word
    why: str = ""
    may_pass: bool = False


class Place(NamedTuple):
    """Where a link is used: the path of a page's source, and the line.

    :param line: 0 where that is not known.
    """

    page: str
    line: int

    def __str__(self) -> str:
        return f"{self.page}:{self.line}" if self.line else self.page


@dataclass(frozen=True)
class Link:
    """A link with its verdict.

    :param places: every place that uses it, in the order of pages and lines.
    """

    uri: str
    places: tuple[Place, ...]
    seen: Seen
    verdict: Verdict
    exempted: Exemption | None = None


def judge(uri: str, seen: Seen, rules: Rules | None, hosts: frozenset[str]) -> Verdict:
    """The verdict on what was seen of ``uri``.

    :param rules: None where the site has none: redirects are then as good as what they lead to.
    :param hosts: what counts as GitHub besides github.com: it makes anchors by script.
    """
    status, info, code, words = seen
    if status in {"working", "verified"}:
        return Verdict(Word.GOOD, words or info)
    if status == "redirected":
        return _judge_redirect(uri, seen, rules)
    if status == "timeout":
        return Verdict(Word.UNKNOWN, info or "no answer in time", may_pass=True)
    if status == "ignored":
        is_outage = info == "service unavailable"
        reason = info if info and not is_outage else "linkcheck_ignore of conf.py leaves it out"
        return Verdict(Word.UNKNOWN, f"503 {info}" if is_outage else reason, may_pass=is_outage)
    if status != "broken":
        return Verdict(Word.UNKNOWN, f"{status} {info}".strip())
    if words:
        return Verdict(Word.BROKEN, words)
    if _ANCHOR.fullmatch(info) and host_of_repositories(uri, hosts) is not None:
        return Verdict(Word.GOOD, f"#{urlsplit(uri).fragment}, made by script, is not checked")
    match = _HTTP_STATUS.match(info)
    http_status = int(match["status"]) if match else code
    if http_status in _NO_VERDICT:
        # Who limits us has been asked as often as it wants.
        return Verdict(Word.UNKNOWN, info, may_pass=http_status > 500)
    if _NO_ANSWER.search(info) or "ProxyError" in info:
        return Verdict(Word.UNKNOWN, info, may_pass=True)
    return Verdict(Word.BROKEN, info, may_pass=http_status >= 500 or is_unreachable(seen))


def _judge_redirect(uri: str, seen: Seen, rules: Rules | None) -> Verdict:
    what = f"{seen.words or seen.code or 'redirect'}, leads to {seen.info}"
    if rules is None:
        return Verdict(Word.GOOD, what)
    for rule in rules.redirect:
        if rule.allows(uri, seen.info):
            return Verdict(Word.GOOD, f"{what}; allowed: {rule.reason}")
    return Verdict(Word.BROKEN, f"{what}; write that, or allow it")


def is_unreachable(seen: Seen) -> bool:
    """Whether no connection could be made, so that this says nothing of the page alone."""
    is_failure = seen.status in {"broken", "timeout"} and not seen.words
    return is_failure and bool(_NO_CONNECTION.search(seen.info))


@dataclass(frozen=True)
class Report:
    """What a check found.

    :param links: all links to other sites and to files, in the order of the pages.
    :param asked: how many of them somebody was asked for.
    :param problems: what is wrong with the rules, a sentence each.
    :param leftovers: rules that are not needed, a sentence each.
    :param no_network: why nobody could be asked; empty where that worked.
    """

    links: tuple[Link, ...]
    asked: int
    problems: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    no_network: str = ""

    def of(self, word: Word) -> list[Link]:
        """The links with this verdict."""
        return [link for link in self.links if link.verdict.word is word]

    @property
    def word(self) -> Word:
        """The verdict on all: good only if nothing has to be looked at."""
        if self.of(Word.BROKEN) or self.problems:
            return Word.BROKEN
        is_open = any(not link.exempted for link in self.of(Word.UNKNOWN))
        return Word.UNKNOWN if is_open or self.no_network else Word.GOOD

    @property
    def count(self) -> str:
        """How many links there are of each kind, in one line."""
        counts = ", ".join(f"{len(self.of(word))} {word}" for word in Word)
        all_links = len(self.links)
        known = all_links - self.asked
        return f"{all_links} links: {counts}; {known} known, {self.asked} asked for"

    def summary(self) -> str:
        """All that a person must look at, in Markdown. Addresses stand in code spans."""
        lines = [self.no_network or f"{self.count}."]
        for word in (Word.BROKEN, Word.UNKNOWN):
            # Without a network everything that was to be asked is unknown, which one line says.
            links = [] if self.no_network and word is Word.UNKNOWN else self.of(word)
            if links:
                lines += ["", f"## {word.capitalize()} ({len(links)})", ""]
            for link in links:
                lines.append(f"- {code_span(link.uri)}: {code_span(link.verdict.why)}")
                lines += [f"  - {code_span(str(place))}" for place in link.places]
        for heading, sentences in (("Rules", self.problems), ("Not needed", self.leftovers)):
            if sentences:
                lines += ["", f"## {heading}", "", *(f"- {code_span(text)}" for text in sentences)]
        return "\n".join(lines) + "\n"


def make_report(
    seen: Mapping[str, Seen],
    places: Mapping[str, Iterable[Place]],
    rules: Rules | None,
    *,
    today: date,
    hosts: frozenset[str] = frozenset(),
    asked: int,
    no_network: str = "",
) -> Report:
    """The verdict on every link.

    :param seen: what was seen of each address.
    :param places: where each address is used.
    """
    links = []
    for uri, what in seen.items():
        verdict, exempted = judge(uri, what, rules, hosts), None
        verdict = verdict._replace(why=one_line(verdict.why, _LONGEST_REASON))
        if verdict.word is not Word.GOOD and rules and (exempted := rules.exempts(uri, today)):
            words = f"{verdict.why}; excepted until {exempted.until}: {exempted.reason}"
            verdict = Verdict(Word.UNKNOWN, words)
        uses = tuple(sorted({*places.get(uri, ())}))
        links.append(Link(uri, uses, what, verdict, exempted))
    links.sort(key=lambda link: (link.places, link.uri))
    needed = {link.uri for link in links if link.exempted}
    problems, leftovers = [], []
    for each in rules.exception if rules else ():
        if each.until < today:
            problems.append(f"the exception for {each.url} ended on {each.until}: {each.reason}")
        elif each.url not in needed and not no_network:
            why = "is not needed: its link is good, or gone"
            leftovers.append(f"the exception for {each.url} {why}")
    return Report(tuple(links), asked, tuple(problems), tuple(leftovers), no_network)
