"""From URLs, text and role arguments to references, and back. No Sphinx, no files, no network."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from .model import (
    COMMIT_PATTERN,
    HOST_PATTERN,
    HOSTED_REPOSITORY_PATTERN,
    NUMBER_PATTERN,
    REPOSITORY_PATTERN,
    ItemKind,
    Reference,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

BPO_HOST: Final = "bugs.python.org"
# The third is where bots link to, so that GitHub notes no mention.
_GITHUB_HOSTS: Final = frozenset({"github.com", "www.github.com", "redirect.github.com"})
# Nothing that urlsplit() would silently drop, and no backslash, which browsers read as a slash.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")

# The long ones are compiled when they are first wanted, which `re` remembers: a build that reads no
# page needs none of them.
_GITHUB_PATH: Final = (
    rf"/(?P<repository>{REPOSITORY_PATTERN})"
    rf"/(?:issues/(?P<issue>{NUMBER_PATTERN})/?"
    rf"|pull/(?P<pull>{NUMBER_PATTERN})(?:/.*)?"
    rf"|commit/(?P<commit>{COMMIT_PATTERN})/?)"
)
_BPO_PATH = re.compile(rf"/issue(?P<number>{NUMBER_PATTERN})/?", re.ASCII)
_NUMBER = re.compile(NUMBER_PATTERN, re.ASCII)

# Not inside a word, a path, a file name or another token, and not after a backslash, which docutils
# has turned into a null. Two or three hyphens are a dash, also before they are written as one, and
# dots after a word make a span.
_BEFORE: Final = (
    r"(?<![\w\\/#@\0])(?:(?<!-)|(?<=\w--)|(?<=\w---))(?:(?<!\.)|(?<=\w\.\.)|(?<=\w\.{3}))"
)
_AFTER: Final = r"(?![\w/]|[-.]\w)"
_NAMED: Final = rf"(?:bpo-|gh(?:-issue)?-|gh\#){NUMBER_PATTERN}"
_NAMED_IN_MARKDOWN: Final = rf"(?:bpo\\?-|gh(?:\\?-issue)?\\?-|gh\\?\#){NUMBER_PATTERN}"


def _find_rows(named: str, text: str) -> Iterator[re.Match[str]]:
    """One name, or several with slashes between them: ``gh-101/gh-102``."""
    pattern = rf"{_BEFORE}{named}(?:/{named})*{_AFTER}"
    return re.finditer(pattern, text, re.ASCII | re.IGNORECASE)


# "#12", "PR 12", "issue #12": what a project's own changelog calls an item.
# The words may be parted by the end of a line, and by the spaces of typographers.
_SPACE: Final = r"[\s\u00a0\u2007\u2009\u202f]+"
_BARE: Final = (
    rf"(?:(?:PR|[Pp]ull{_SPACE}(?:request|Request)|[Ii]ssue){_SPACE}\#?|\#)"
    rf"(?P<number>{NUMBER_PATTERN})"
)
_BARE_IN_MARKDOWN: Final = _BARE.replace(r"\#?|\#", r"(?:\\?\#)?|\\?\#")


def _rows_of(named: str) -> str:
    """One name, or several as in ``#12/#14`` and ``#12-#14``: all of them or none.

    The group ``last`` is the other end of ``#12--14``.
    """
    unnamed = named.replace("?P<number>", "?:")
    return (
        # The first looks at one character, the others at several.
        rf"(?=[PpIi#\\])(?<!&){_BEFORE}{unnamed}(?:\\?[-/&]{unnamed})*"
        rf"(?:(?:---?|\.\.\.?|[\u2013\u2014\u2026])(?P<last>{NUMBER_PATTERN}))?"
        r"(?![\w/]|[-.&][\w#])"
    )


_BARE_ROWS: Final = _rows_of(_BARE)
_BARE_ROWS_IN_MARKDOWN: Final = _rows_of(_BARE_IN_MARKDOWN)


class ItemLink(NamedTuple):
    """A link to an item, or to a place on its page.

    :param fragment: what follows ``#`` (``issuecomment-5``, ``msg368157``), often empty.
    """

    reference: Reference
    fragment: str = ""


def split_url(url: str) -> SplitResult | None:
    """The parts of the address of a page; None for what is none. Never raises."""
    if _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} else None


# A page cites the same items again and again.
@lru_cache(maxsize=1_024)
def parse_url(url: str, hosts: frozenset[str] = frozenset()) -> ItemLink | None:
    """The tracker item that ``url`` shows, or None. Never raises.

    :param hosts: besides github.com, in lower case.

    Known: issues, pull requests (with what follows the number) and commits of any GitHub
    repository; ``issueN`` of bugs.python.org and its redirect to GitHub.
    """
    parts = split_url(url)
    if parts is None:
        return None
    host = parts.netloc.lower()  # with any user or port, so that neither passes for the host
    if host in _GITHUB_HOSTS:
        return _parse_github_path(parts.path, parts.fragment)
    if host == BPO_HOST:
        return _parse_bpo_path(parts.path, parts.query, parts.fragment)
    if host in hosts:
        return _parse_github_path(parts.path, parts.fragment, f"{host}/")
    return None


def _parse_github_path(path: str, fragment: str, place: str = "") -> ItemLink | None:
    match = re.fullmatch(_GITHUB_PATH, path, re.IGNORECASE | re.ASCII)
    if match is None:
        return None
    repository = place + match["repository"]
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


def host_of_repositories(url: str, hosts: frozenset[str]) -> str | None:
    """What the names of repositories begin with where ``url`` leads; None where there are none.

    Empty on github.com, and a further host with a slash behind it. Never raises.

    :param hosts: besides github.com, in lower case.
    """
    parts = split_url(url)
    host = parts.netloc.lower() if parts else ""
    if host not in hosts | _GITHUB_HOSTS:
        return None
    return "" if host in _GITHUB_HOSTS else f"{host}/"


def is_own_page(url: str, link: ItemLink) -> bool:
    """Whether ``url``, which is ``link``, is the item's own page or a place on it.

    Not what lies below it, as the files of a pull request do. The address may be spelt as servers
    allow it: upper case, ``www.``, a slash at the end.
    """
    if link.reference.kind is ItemKind.BPO:
        return True
    plain = url.partition("#")[0].lower().rstrip("/").replace("http:", "https:", 1)
    plain = re.sub(r"//(?:www|redirect)\.(?=github\.com/)", "//", plain, count=1)
    return plain in {make_url(link.reference), make_url(link.reference, is_pull=True)}


def make_url(reference: Reference, fragment: str = "", *, is_pull: bool = False) -> str:
    """Address of the item's page; ``parse_url()`` of it gives the same reference."""
    repository = f"https://{'' if reference.host else 'github.com/'}{reference.repository}"
    if reference.commit:
        page = f"{repository}/commit/{reference.commit}"
    elif reference.repository:
        page = f"{repository}/{'pull' if is_pull else 'issues'}/{reference.number}"
    else:
        page = f"https://{BPO_HOST}/issue{reference.number}"
    return f"{page}#{fragment}" if fragment else page


def short_name(reference: Reference, home: str) -> str:
    """What an author would write: ``bpo-40512``, ``gh-84692``, ``python/peps#4``, ``@5d38517``.

    :param home: the repository (``owner/name`` in lower case) that needs no naming.
    """
    if not reference.repository:
        return str(reference)
    is_home = reference.repository == home
    if reference.commit:
        return f"{'' if is_home else reference.repository}@{reference.commit[:7]}"
    return f"gh-{reference.number}" if is_home else str(reference)


def find_in_text(text: str, home: str) -> Iterator[tuple[int, int, Reference]]:
    """Items that prose names, as ``bpo-N`` or ``gh-N`` and the like: (start, end, reference) each.

    :param text: as a page shows it, or with a null wherever docutils found a backslash.
    :param home: the repository (``owner/name``) that ``gh-N`` means; if it is empty, none.
    """
    for row in _find_rows(_NAMED, text):
        start = row.start()
        for name in row[0].split("/"):
            end = start + len(name)
            number = int(re.split("[-#]", name)[-1])
            if name[0] in "bB":
                yield start, end, Reference.bpo(number)
            elif home:
                yield start, end, Reference.github(home, number)
            start = end + 1


def find_bare_numbers(text: str, repository: str) -> Iterator[tuple[int, int, Reference]]:
    """Items that prose calls ``#12``, ``PR 12`` or ``issue #12``: (start, end, reference) each.

    :param repository: whose items they are.
    """
    for row in re.finditer(_BARE_ROWS, text, re.ASCII):
        number = 0
        for name in re.finditer(_BARE, row[0]):
            number = int(name["number"])
            start, end = name.span()
            yield row.start() + start, row.start() + end, Reference.github(repository, number)
        # "#101--4" may mean 104.
        if row["last"] and (last := int(row["last"])) > number:
            yield *row.span("last"), Reference.github(repository, last)


def find_in_markdown(source: str, *, numbers: bool = False) -> Iterator[tuple[str, bool]]:
    r"""The same words in the source of Markdown: (word, whether it is escaped).

    ``bpo\-40512`` is the word ``bpo-40512``, escaped. A backslash before the word is no escape in
    Markdown: it is shown, and the word then names nothing.

    :param numbers: whether bare numbers are items; their words are those of `as_word`.
    """
    for row in _find_rows(_NAMED_IN_MARKDOWN, source):
        for name in row[0].split("/"):
            yield name.replace("\\", ""), "\\" in name
    if numbers:
        for row in re.finditer(_BARE_ROWS_IN_MARKDOWN, source, re.ASCII):
            for match in re.finditer(_BARE_IN_MARKDOWN, row[0]):
                yield as_word(match[0].replace("\\", "")), "\\" in match[0]
            if row["last"]:
                yield row["last"], False


def as_word(name: str) -> str:
    """What an item is called, whatever spaces and ends of lines are in it."""
    return " ".join(name.split())


class Citation(NamedTuple):
    """One item of a role's argument.

    :param link: the item; None when the author asked for plain text (``!84692``).
    :param text: what the reader sees.
    :param with_title: the item's title follows the text (``84692+``).
    """

    link: ItemLink | None
    text: str
    with_title: bool = False


_GITHUB_TARGET: Final = (
    rf"(?:(?P<repository>{HOSTED_REPOSITORY_PATTERN})(?=[\#@]))?"
    rf"(?:(?:\#|gh-|GH-)?(?P<number>{NUMBER_PATTERN})"
    # A hash may stand alone if it has a letter: what has none would be a number.
    rf"|(?:@|(?=[0-9]*[a-f]))(?P<commit>{COMMIT_PATTERN}))"
    r"(?:\#(?P<fragment>[A-Za-z0-9_-]+))?(?P<title>\+)?"
)
_BPO_TARGET: Final = (
    rf"(?:bpo-)?(?P<number>{NUMBER_PATTERN})(?:\#(?P<fragment>msg[0-9]+))?(?P<title>\+)?"
)


def parse_argument(argument: str, kind: ItemKind, home: str) -> list[Citation]:
    """The items that the argument of ``:bpo:`` or ``:gh:`` names, at least one.

    ::

        84692                      several: 84692, python/peps#4
        text <84692>               84692+ (with its title)
        python/cpython@5d38517     84692#issuecomment-5
        5d38517 (of ``home``)      !84692 (no link)

    A comment (``#issuecomment-5``, ``#msg7``) has no title that ``+`` could show.

    :param kind: ``ItemKind.BPO`` for ``:bpo:``, ``ItemKind.NUMBER`` for ``:gh:``.
    :param home: the repository (``owner/name``) of a bare number.
    :raises ValueError: some part is none of these; the message says which and what to write.
    """
    if home and kind is ItemKind.NUMBER and _NUMBER.fullmatch(argument):
        # Most arguments; the long way comes to the same.
        reference = Reference.github(home, int(argument))
        return [Citation(ItemLink(reference), short_name(reference, home))]
    # "text, with a comma <84692>" is one part: an explicit title takes all that stands before it.
    parts = [argument] if _split_explicit(argument.strip()) else argument.split(",")
    return [_parse_part(part.strip(), kind, home) for part in parts]


def _split_explicit(part: str) -> tuple[str, str] | None:
    """The two halves of ``text <target>``, or None. Looks at each character a few times at most."""
    start = part.rfind("<")
    if start < 1 or part[start - 1] == "\\" or part.find(">", start) != len(part) - 1:
        return None
    return part[:start].rstrip(), part[start + 1 : -1].strip()


def _parse_part(part: str, kind: ItemKind, home: str) -> Citation:
    is_link = not part.startswith("!")
    named = part if is_link else part[1:].strip()
    text, target = _split_explicit(named) or ("", named)
    link, with_title = _parse_target(target, kind, home)
    text = text or _as_written(named, short_name(link.reference, home))
    return Citation(link, text, with_title) if is_link else Citation(None, text)


def _as_written(argument: str, name: str) -> str:
    """``name``, with the repository spelt as the author has it: keys are for machines."""
    if "/" not in argument:
        return name
    repository = re.match(HOSTED_REPOSITORY_PATTERN, argument, re.ASCII)
    length = len(repository[0]) if repository else 0
    if repository and name[:length] == repository[0].lower():
        return repository[0] + name[length:]
    return name


def _parse_target(target: str, kind: ItemKind, home: str) -> tuple[ItemLink, bool]:
    if kind is ItemKind.BPO:
        match = re.fullmatch(_BPO_TARGET, target, re.ASCII)
        if match is None:
            raise ValueError(
                f"{_quote(target)} is not an id of bugs.python.org; write a number such as 40512"
            )
        reference = Reference.bpo(int(match["number"]))
    else:
        match = re.fullmatch(_GITHUB_TARGET, target, re.ASCII)
        if match is None:
            raise ValueError(
                f"{_quote(target)} is not an item on GitHub; write a number such as 84692, or "
                "owner/name#number, or owner/name@commit"
            )
        repository = match["repository"] or home
        if not repository:
            raise ValueError(
                f"{_quote(target)} is an item of a repository that is not known; set "
                "refstatus_repository in conf.py, or write owner/name#number"
            )
        if match["commit"]:
            reference = Reference.github_commit(repository, match["commit"])
        else:
            reference = Reference.github(repository, int(match["number"]))
    link = ItemLink(reference, match["fragment"] or "")
    if link.fragment and match["title"]:
        raise ValueError(
            f"{_quote(target)} is a comment, which has no title; leave out the plus sign, or "
            "write a number such as 84692+ for an item with its title"
        )
    return link, bool(match["title"])


def parse_name(name: str, home: str) -> Reference:
    """The item that an author names, by its address or as in a role: ``gh-84692``, ``bpo-40512``.

    An address may be on any host: which ones there are, the site says later.

    :param home: the repository (``owner/name``) of a bare number or hash.
    :raises ValueError: it names no item; the message says what to write.
    """
    host = re.match(rf"https?://({HOST_PATTERN})/", name, re.IGNORECASE)
    link = parse_url(name, frozenset({host[1].lower()} if host else ()))
    if link is None:
        kind = ItemKind.BPO if name.startswith("bpo-") else ItemKind.NUMBER
        link, _ = _parse_target(name, kind, home)
    return link.reference


def _quote(text: str) -> str:
    """What an author wrote, for a message on one line."""
    return repr(one_line(text))
