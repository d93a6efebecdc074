"""From URLs, text and role arguments to references, and back. No Sphinx, no files, no network."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from .model import COMMIT_PATTERN, NUMBER_PATTERN, REPOSITORY_PATTERN, ItemKind, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

BPO_HOST: Final = "bugs.python.org"
_GITHUB_HOSTS: Final = frozenset({"github.com", "www.github.com"})
# Nothing that urlsplit() would silently drop, and no backslash, which browsers read as a slash.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")

_GITHUB_PATH = re.compile(
    rf"/(?P<repository>{REPOSITORY_PATTERN})"
    rf"/(?:issues/(?P<issue>{NUMBER_PATTERN})/?"
    rf"|pull/(?P<pull>{NUMBER_PATTERN})(?:/.*)?"
    rf"|commit/(?P<commit>{COMMIT_PATTERN})/?)",
    re.IGNORECASE | re.ASCII,
)
_BPO_PATH = re.compile(rf"/issue(?P<number>{NUMBER_PATTERN})/?", re.ASCII)
_NUMBER = re.compile(NUMBER_PATTERN, re.ASCII)

_IN_TEXT = re.compile(
    # Not inside a word, a path, a file name or another token, and not after a backslash.
    rf"(?<![\w\\/#@.-])(?:bpo-(?P<bpo>{NUMBER_PATTERN})|(?:gh|GH)-(?P<gh>{NUMBER_PATTERN}))"
    r"(?![\w/]|[-.]\w)",
    re.ASCII,
)


class ItemLink(NamedTuple):
    """A link to an item, or to a place on its page.

    :param fragment: what follows ``#`` (``issuecomment-5``, ``msg368157``), often empty.
    """

    reference: Reference
    fragment: str = ""


# A page cites the same items again and again.
@lru_cache(maxsize=1_024)
def parse_url(url: str) -> ItemLink | None:
    """The tracker item that ``url`` shows, or None. Never raises.

    Known: issues, pull requests (with what follows the number) and commits of any GitHub
    repository; ``issueN`` of bugs.python.org and its redirect to GitHub.
    """
    if _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    host = parts.netloc.lower()  # with any user or port, so that neither passes for the host
    if host in _GITHUB_HOSTS:
        return _parse_github_path(parts.path, parts.fragment)
    if host == BPO_HOST:
        return _parse_bpo_path(parts.path, parts.query, parts.fragment)
    return None


def _parse_github_path(path: str, fragment: str) -> ItemLink | None:
    match = _GITHUB_PATH.fullmatch(path)
    if match is None:
        return None
    repository = match["repository"]
    if match["commit"]:
        return ItemLink(Reference.github_commit(repository, match["commit"]), fragment)
    return ItemLink(Reference.github(repository, int(match["issue"] or match["pull"])), fragment)


def _parse_bpo_path(path: str, query: str, fragment: str) -> ItemLink | None:
    if match := _BPO_PATH.fullmatch(path):
        return ItemLink(Reference.bpo(int(match["number"])), fragment)
    if path == "/issue":
        try:
            fields = parse_qs(query, max_num_fields=20)
        except ValueError:
            return None
        numbers = fields.get("bpo", [])
        is_redirect = fields.get("@action") == ["redirect"] and len(numbers) == 1
        if is_redirect and _NUMBER.fullmatch(numbers[0]):
            return ItemLink(Reference.bpo(int(numbers[0])), fragment)
    return None


def make_url(reference: Reference, fragment: str = "", *, is_pull: bool = False) -> str:
    """Address of the item's page; ``parse_url()`` of it gives the same reference."""
    match reference.kind:
        case ItemKind.BPO:
            page = f"https://{BPO_HOST}/issue{reference.number}"
        case ItemKind.NUMBER:
            word = "pull" if is_pull else "issues"
            page = f"https://github.com/{reference.repository}/{word}/{reference.number}"
        case ItemKind.COMMIT:
            page = f"https://github.com/{reference.repository}/commit/{reference.commit}"
    return f"{page}#{fragment}" if fragment else page


def short_name(reference: Reference, home: str) -> str:
    """What an author would write: ``bpo-40512``, ``gh-84692``, ``python/peps#4``, ``@5d38517``.

    :param home: the repository (``owner/name``) that needs no naming.
    """
    if reference.kind is ItemKind.BPO:
        return str(reference)
    is_home = reference.repository == home.lower()
    if reference.kind is ItemKind.COMMIT:
        return f"{'' if is_home else reference.repository}@{reference.commit[:7]}"
    return f"gh-{reference.number}" if is_home else str(reference)


def find_in_text(text: str, home: str) -> Iterator[tuple[int, int, Reference]]:
    """Items that prose names as ``bpo-N``, ``gh-N`` or ``GH-N``: (start, end, reference) each.

    :param home: the repository (``owner/name``) that ``gh-N`` means.
    """
    for match in _IN_TEXT.finditer(text):
        if match["bpo"]:
            reference = Reference.bpo(int(match["bpo"]))
        else:
            reference = Reference.github(home, int(match["gh"]))
        yield match.start(), match.end(), reference


class Citation(NamedTuple):
    """One item of a role's argument.

    :param link: the item; None when the author asked for plain text (``!84692``).
    :param text: what the reader sees.
    :param with_title: the item's title follows the text (``84692+``).
    """

    link: ItemLink | None
    text: str
    with_title: bool = False


_EXPLICIT = re.compile(r"(?P<text>.+?)\s*(?<!\\)<(?P<target>[^<>]*)>", re.DOTALL)
_GITHUB_TARGET = re.compile(
    rf"(?:(?P<repository>{REPOSITORY_PATTERN})(?=[\#@]))?"
    rf"(?:(?:\#|gh-|GH-)?(?P<number>{NUMBER_PATTERN})|@(?P<commit>{COMMIT_PATTERN}))"
    r"(?:\#(?P<fragment>[A-Za-z0-9_-]+))?(?P<title>\+)?",
    re.ASCII,
)
_BPO_TARGET = re.compile(
    rf"(?:bpo-)?(?P<number>{NUMBER_PATTERN})(?:\#(?P<fragment>msg[0-9]+))?(?P<title>\+)?",
    re.ASCII,
)


def parse_argument(argument: str, kind: ItemKind, home: str) -> list[Citation]:
    """The items that the argument of ``:bpo:`` or ``:gh:`` names, at least one.

    ::

        84692                      several: 84692, python/peps#4
        text <84692>               84692+ (with its title)
        python/cpython@5d38517     84692#issuecomment-5
        !84692                     (no link)

    :param kind: ``ItemKind.BPO`` for ``:bpo:``, ``ItemKind.NUMBER`` for ``:gh:``.
    :param home: the repository (``owner/name``) of a bare number.
    :raises ValueError: some part is none of these; the message says which and what to write.
    """
    parts = _split_at_commas(argument)
    return [_parse_part(part.strip(), kind, home) for part in parts]


def _split_at_commas(argument: str) -> list[str]:
    # "text, with a comma <84692>" is one part: an explicit title takes all that stands before it.
    if "<" in argument and _EXPLICIT.fullmatch(argument.strip()):
        return [argument]
    return argument.split(",")


def _parse_part(part: str, kind: ItemKind, home: str) -> Citation:
    if part.startswith("!"):
        named = _parse_part(part[1:].strip(), kind, home)
        return Citation(None, named.text)
    explicit = _EXPLICIT.fullmatch(part) if "<" in part else None
    target = explicit["target"].strip() if explicit else part
    link, with_title = _parse_target(target, kind, home)
    if explicit:
        return Citation(link, explicit["text"].strip(), with_title)
    return Citation(link, short_name(link.reference, home), with_title)


def _parse_target(target: str, kind: ItemKind, home: str) -> tuple[ItemLink, bool]:
    if kind is ItemKind.BPO:
        match = _BPO_TARGET.fullmatch(target)
        if match is None:
            raise ValueError(
                f"{target!r} is not an id of bugs.python.org; write a number such as 40512"
            )
        reference = Reference.bpo(int(match["number"]))
    else:
        match = _GITHUB_TARGET.fullmatch(target)
        if match is None:
            raise ValueError(
                f"{target!r} is not an item on GitHub; write a number such as 84692, or "
                "owner/name#number, or owner/name@commit"
            )
        repository = match["repository"] or home
        if match["commit"]:
            reference = Reference.github_commit(repository, match["commit"])
        else:
            reference = Reference.github(repository, int(match["number"]))
    return ItemLink(reference, match["fragment"] or ""), bool(match["title"])
