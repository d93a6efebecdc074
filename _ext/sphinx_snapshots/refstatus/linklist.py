"""The committed list of what links lead to besides items: files at a release tag, and PEPs.

One JSON object a line: a header, the numbers of all PEPs, and one line for each file. A file never
changes at a tag, so what a clone had once is true for good.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import msgspec

from ..kit.files import FileError, decode_line, read_bytes
from .model import HOSTED_REPOSITORY_PATTERN, REPOSITORY_PATTERN
from .urls import host_of_repositories, split_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FORMAT: Final = 1
#: Where a PEP has its page.
PEPS: Final = "peps.python.org"

# A name that git takes as it is, and neither an option nor a range.
_TAG: Final = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"
_FILE_PATH = re.compile(
    rf"/(?P<repository>{REPOSITORY_PATTERN})/(?:blob|raw)/(?P<tag>{_TAG})/(?P<path>[^\x00-\x1f\x7f]+)"
)
_PEP_PATH = re.compile(r"/pep-(?P<number>[0-9]{4})(?:/|\.html)?", re.ASCII)
# All on one line would make each difference as long.
_PEPS_ON_A_LINE: Final = 100


class SourceFile(NamedTuple):
    """A file as a repository on GitHub had it at a tag; prints as one would name it.

    :param repository: ``owner/name`` in lower case, on another host than github.com with that
        before it.
    :param ref: the tag, as far as an address can tell: a branch looks the same.
    :param path: with slashes, from the root of the repository.
    """

    repository: str
    ref: str
    path: str

    def __str__(self) -> str:
        return f"{self.repository} {self.ref} {self.path}"


def parse_file_url(url: str, hosts: frozenset[str] = frozenset()) -> SourceFile | None:
    """The file that ``url`` shows, whatever line it leads to, or None. Never raises.

    :param hosts: besides github.com, in lower case.
    """
    host = host_of_repositories(url, hosts)
    if host is None:
        return None
    match = _FILE_PATH.fullmatch(unquote(urlsplit(url).path))
    if match is None or not {"", ".", ".."}.isdisjoint(match["path"].split("/")):
        return None
    return SourceFile((host + match["repository"]).lower(), match["tag"], match["path"])


def file_url(file: SourceFile) -> str:
    """The address of a file; ``parse_file_url()`` of it gives the same file."""
    host = "" if file.repository.count("/") > 1 else "github.com/"
    return f"https://{host}{file.repository}/blob/{file.ref}/{quote(file.path)}"


def parse_pep_url(url: str) -> int | None:
    """The number of the PEP whose page, as a whole, ``url`` is; None for all else. Never raises."""
    parts = split_url(url)
    if parts is None or parts.netloc.lower() != PEPS or parts.query or parts.fragment:
        return None
    match = _PEP_PATH.fullmatch(parts.path)
    return int(match["number"]) if match else None


class _Line(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"
):
    """What all lines have in common."""


class Header(_Line, frozen=True, tag="header"):
    """First line.

    :param peps: the day on which the numbers of the PEPs were true; None where there are none.
    """

    format: int
    peps: date | None = None


class PepsRecord(_Line, frozen=True, tag="peps"):
    """Some of the numbers that PEPs have."""

    numbers: tuple[int, ...]


class FileRecord(_Line, frozen=True, tag="file"):
    """A file at a tag that the site cites.

    :param checked: the day on which it was seen to be there; None where nobody has looked yet.
    :param by: how, in words, where it was not git that had it.
    """

    repository: str
    tag: str
    path: str
    checked: date | None = None
    by: str | None = None

    @property
    def file(self) -> SourceFile:
        """Which file this is about."""
        return SourceFile(self.repository, self.tag, self.path)


_decoder: Final[msgspec.json.Decoder[Header | PepsRecord | FileRecord]] = msgspec.json.Decoder(
    Header | PepsRecord | FileRecord
)
_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True)
class LinkList:
    """What the file says.

    :param peps: the numbers of all PEPs.
    :param peps_as_of: the day on which they were; None without any.
    :param files: the files that the site cites.
    """

    peps: frozenset[int] = frozenset()
    peps_as_of: date | None = None
    files: Mapping[SourceFile, FileRecord] = field(default_factory=dict)

    def checked(self, file: SourceFile) -> FileRecord | None:
        """The record of a file that was seen to be there."""
        record = self.files.get(file)
        return record if record is not None and record.checked else None


def read_list(path: Path) -> LinkList:
    """The list in the file ``path``; an empty one if there is no such file.

    :raises FileError: the file cannot be read, or a line is not what it must be.
    """
    if not path.exists():
        return LinkList()
    header: Header | None = None
    peps: set[int] = set()
    files: dict[SourceFile, FileRecord] = {}
    for number, line in enumerate(io.BytesIO(read_bytes(path)), 1):
        try:
            entry = decode_line(line, _decoder, "keep the lines of both sides")
            _check(entry, is_first=header is None)
        except ValueError as error:
            raise FileError(f"{path}:{number}: {error}") from error
        match entry:
            case Header():
                header = entry
            case PepsRecord():
                peps.update(entry.numbers)
            case FileRecord():
                files[entry.file] = entry
    return LinkList(frozenset(peps), header.peps if header else None, files)


def _check(entry: Header | PepsRecord | FileRecord, *, is_first: bool) -> None:
    """See that a line may stand there, and that a file is one that an address can name.

    :raises ValueError: it may not, or is not.
    """
    if is_first and not isinstance(entry, Header):
        raise ValueError('the first line must be the header, {"kind":"header", …')
    if isinstance(entry, Header) and entry.format != FORMAT:
        raise ValueError(f"format {entry.format}, but this refstatus reads format {FORMAT}")
    if isinstance(entry, FileRecord):
        is_known = re.fullmatch(HOSTED_REPOSITORY_PATTERN, entry.repository)
        hosts = frozenset({entry.repository.partition("/")[0]})
        if not is_known or parse_file_url(file_url(entry.file), hosts) != entry.file:
            raise ValueError("no address on GitHub leads to such a file")


def render_list(links: LinkList) -> bytes:
    """The bytes of a tidy file: equal content gives equal bytes."""
    entries: list[Header | PepsRecord | FileRecord] = [Header(FORMAT, links.peps_as_of)]
    entries += [PepsRecord(numbers) for numbers in _portions(sorted(links.peps))]
    entries += [links.files[file] for file in sorted(links.files)]
    return b"".join(_encoder.encode(entry) + b"\n" for entry in entries)


def _portions(numbers: list[int]) -> Iterator[tuple[int, ...]]:
    """The numbers of each line: a new PEP changes the line of its hundred and no other."""
    by_hundred: dict[int, list[int]] = {}
    for number in numbers:
        by_hundred.setdefault(number // _PEPS_ON_A_LINE, []).append(number)
    return map(tuple, by_hundred.values())


def files_of(urls: Iterable[str], hosts: frozenset[str]) -> set[SourceFile]:
    """The files that links lead to."""
    return {file for url in urls if (file := parse_file_url(url, hosts))}
