"""The settings of this extension, as ``conf.py`` has them with the prefix ``refstatus_``."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from ..kit.settings import Settings, boolean, one_of, read_as, setting, strings, text
from .claims import PHRASES
from .model import HOST_PATTERN, HOSTED_REPOSITORY_PATTERN, ItemKind, State

if TYPE_CHECKING:
    from .model import Reference, Status


def _path(value: object) -> str:
    if not isinstance(value, str | PathLike) or not fspath(value):
        raise ValueError("the path of a file")
    return fspath(value)


_Host = Annotated[str, Meta(pattern=rf"^(?!(?i:www\.)?(?i:github\.com)\Z){HOST_PATTERN}\Z")]

_repository = read_as(
    Annotated[str, Meta(pattern=rf"^(?:{HOSTED_REPOSITORY_PATTERN})?\Z")],
    "it as 'owner/name'",
    str.lower,
)
_repositories = read_as(
    tuple[Annotated[str, Meta(pattern=rf"^(?:\*|{HOSTED_REPOSITORY_PATTERN})\Z")], ...],
    "a list of 'owner/name', or ['*'] for all",
    lambda names: frozenset(map(str.lower, names)),
)
_builders = read_as(bool | frozenset[str], "True, False, or a list of names of builders")
_states = read_as(tuple[State, ...], "a list of words of badges, such as ['merged', 'completed']")
# A text: what the command line says of a setting that is None by itself.
_days = read_as(
    int | Annotated[str, Meta(pattern=r"^[0-9]+\Z")] | None,
    "a number of days, or None",
    lambda value: None if value is None else int(value),
)
_roles = read_as(
    dict[str, Literal["gh", "bpo"]] | None,
    "a dictionary such as {'issue': 'gh'}, or None",
    lambda value: None if value is None else tuple(value.items()),
)
_repository_by_pages = read_as(
    dict[str, Annotated[str, Meta(pattern=rf"^{HOSTED_REPOSITORY_PATTERN}\Z")]],
    "a dictionary such as {'changes/*': 'owner/name'}",
    lambda value: tuple((pages, name.lower()) for pages, name in value.items()),
)
_phrases = read_as(
    dict[
        Annotated[str, Meta(pattern=rf"^(?:{'|'.join(PHRASES)})\Z")],
        tuple[Annotated[str, Meta(pattern=r"\S")], ...],
    ],
    "a dictionary such as {'todo': ['*', 'parked']}, with lists of phrases for some of "
    f"{', '.join(PHRASES)}",
    lambda value: tuple(value.items()),
)
_api_by_host = read_as(
    dict[_Host, str],
    "a dictionary such as {'git.example.org': 'https://git.example.org/api'}, without github.com",
    lambda value: tuple((host.lower(), address) for host, address in value.items()),
)


class RefstatusSettings(Settings):
    """What each is for is on the page about this extension."""

    prefix = "refstatus"

    snapshot: str = setting("_data/references.jsonl", _path, types=(str, type(Path())))
    #: The file that a refresh notes changes in; empty for none.
    log: str = setting("", text)
    #: In lower case, as all names of repositories here; empty: ``gh-12`` is nobody's.
    repository: str = setting("", _repository, "env")
    #: Name of a role, and ``gh`` or ``bpo``, which it is; None: both, where their names are free.
    roles: tuple[tuple[str, str], ...] | None = setting(None, _roles, "env", types=(dict, NoneType))
    repositories: frozenset[str] = setting(["*"], _repositories, "env")
    #: Private repositories whose titles a refresh may record.
    private_repositories: frozenset[str] = setting([], _repositories)
    #: Host in lower case and address of its API; github.com is not among them.
    github_hosts: tuple[tuple[str, str], ...] = setting({}, _api_by_host, "env")
    bpo_links: str = setting("github", one_of("github", "bpo"))
    recognize_text: bool = setting(True, boolean, "env")
    #: Pattern of docnames to the repository that ``#12`` means there.
    number_pages: tuple[tuple[str, str], ...] = setting({}, _repository_by_pages, "env")
    badges: bool | frozenset[str] = setting(True, _builders, types=(list, tuple))
    quiet_states: tuple[str, ...] = setting([], _states)
    quiet_pages: tuple[str, ...] = setting([], strings)
    max_age: int | None = setting(None, _days, types=(int, NoneType, str))
    index: bool = setting(False, boolean, "env")
    export: bool = setting(False, boolean)
    feed: bool = setting(False, boolean)
    linkcheck_known: bool = setting(False, boolean)
    #: The committed list of files and PEPs that links lead to, and the rules of linkcheck; no path
    #: where there is none.
    links: str = setting("", text)
    link_rules: str = setting("", text)
    lint: bool = setting(False, boolean, "env")
    #: Names of lists of phrases, and what is in them: see :func:`.sentences.phrases_of`.
    lint_phrases: tuple[tuple[str, tuple[str, ...]], ...] = setting({}, _phrases, "env")

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The further hosts whose links are recognized."""
        return frozenset(host for host, _ in self.github_hosts)

    def counts(self, item: Reference) -> bool:
        """Whether links to ``item`` are more than plain links."""
        return (
            "*" in self.repositories
            or item.kind is ItemKind.BPO
            or item.repository == self.repository
            or item.repository in self.repositories
        )

    def repository_of_numbers(self, docname: str) -> str:
        """Whose item ``#12`` is on a page; empty if it is none."""
        found = (name for pages, name in self.number_pages if fnmatchcase(docname, pages))
        return next(found, "")

    def has_badges(self, builder: str) -> bool:
        """Whether links get badges in what this builder writes."""
        return self.badges if isinstance(self.badges, bool) else builder in self.badges

    @cached_property
    def has_quiet(self) -> bool:
        """Whether there are links without badges among those that could have one."""
        return bool(self.quiet_states or self.quiet_pages)

    def is_quiet(self, status: Status, docname: str) -> bool:
        """Whether a link on this page needs no badge. A change that was taken back has one."""
        is_ordinary = status.state in self.quiet_states and not status.reverted_by
        return is_ordinary or any(fnmatchcase(docname, pages) for pages in self.quiet_pages)
