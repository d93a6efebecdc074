"""The committed file that says what became of each item: read, look up, compare, write.

One JSON object a line, UTF-8, LF. The first line is the header, every other line one item, sorted
by item. A file that git merged with ``merge=union`` may be unsorted and hold an item or the header
twice: the later header and the last record win, with a warning, and the next writing tidies up.
"""

from __future__ import annotations

import codecs
import io
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias, assert_never

import msgspec

from ..kit.files import FileError, decode_line, read_bytes
from .model import Gap, ItemKind, Reference, State, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT: Final = 1

#: A key as ``Reference.from_key()`` reads it; checked after decoding, for a better message.
Key: TypeAlias = str
Release = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]+(\.[0-9]+)+((a|b|rc)[0-9]+)?(\.post[0-9]+)?\Z")
]


class _Line(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,  # they hold no containers, and there may be many
):
    """What all lines have in common: how strictly they are read, how sparingly written."""


class Header(_Line, frozen=True, tag_field="kind", tag="header"):
    """First line.

    :param format: 1; a reader refuses a number that it does not know.
    :param refreshed: the day on which the records were true, unless a record says otherwise.
    :param source: where they come from, in words for a reviewer.
    """

    format: int
    refreshed: date
    source: str

    def age(self, today: date) -> int:
        """Days since the refresh."""
        return (today - self.refreshed).days


class IssueRecord(_Line, frozen=True, tag_field="kind", tag="issue"):
    """An issue on GitHub. ``reason`` is absent while open, and where it is not known."""

    key: Key
    state: Literal["open", "closed"]
    reason: Literal["completed", "not planned", "duplicate"] | None = None
    title: str | None = None
    opened: date | None = None
    closed: date | None = None
    as_of: date | None = None


class PullRecord(_Line, frozen=True, tag_field="kind", tag="pull"):
    """A pull request. ``closed`` is the day of the merge or of the closing without one."""

    key: Key
    state: Literal["open", "draft", "merged", "closed"]
    title: str | None = None
    opened: date | None = None
    closed: date | None = None
    first_release: Release | None = None
    reverted_by: Key | None = None
    as_of: date | None = None


class CommitRecord(_Line, frozen=True, tag_field="kind", tag="commit"):
    """A commit. ``reverted_by`` is a pull request or another commit."""

    key: Key
    title: str | None = None
    committed: date | None = None
    first_release: Release | None = None
    reverted_by: Key | None = None
    as_of: date | None = None


class BpoRecord(_Line, frozen=True, tag_field="kind", tag="bpo"):
    """An id of bugs.python.org: the key of the issue on GitHub that it became.

    ``github`` is absent for the few (spam, mostly) that exist but were never moved.
    """

    key: Key
    github: Key | None = None
    as_of: date | None = None


class MovedRecord(_Line, frozen=True, tag_field="kind", tag="moved"):
    """A transferred issue; ``to`` is its new key."""

    key: Key
    to: Key
    title: str | None = None
    as_of: date | None = None


class MissingRecord(_Line, frozen=True, tag_field="kind", tag="missing"):
    """Deleted, or never there. The title is the last one known."""

    key: Key
    title: str | None = None
    as_of: date | None = None


Record: TypeAlias = (
    IssueRecord | PullRecord | CommitRecord | BpoRecord | MovedRecord | MissingRecord
)
_encoder: Final = msgspec.json.Encoder()

# Looked up faster than made.
_STATES: Final = {state.value: state for state in State}

# Before all others in their order.
_NO_REFERENCE: Final = Reference("", ItemKind.BPO)

# Records that send the reader on to another item.
_ONWARD: Final = (BpoRecord, MovedRecord)

#: What kind of key a kind of record has. Anything can go missing.
_FITTING_KEYS: Final[dict[type[Record], ItemKind]] = {
    IssueRecord: ItemKind.NUMBER,
    PullRecord: ItemKind.NUMBER,
    CommitRecord: ItemKind.COMMIT,
    BpoRecord: ItemKind.BPO,
    MovedRecord: ItemKind.NUMBER,
}


@dataclass(frozen=True)
class Snapshot:
    """What is known of the items.

    :param header: when and from where; None for a snapshot that does not exist.
    :param records: by key.
    :param remarks: what was odd about the file without making it unusable, one sentence each.
    """

    header: Header | None
    records: Mapping[str, Record]
    remarks: tuple[str, ...] = ()

    @classmethod
    def empty(cls) -> Snapshot:
        """A snapshot in which every item is unknown."""
        return cls(None, {})

    def status(self, reference: Reference) -> Status:
        """What is known of ``reference``; an item without a record is unknown. Never raises."""
        seen = set()
        record = self.find(reference)
        while isinstance(record, _ONWARD):
            onward = record.github if isinstance(record, BpoRecord) else record.to
            if onward is None or onward in seen:
                gap = Gap.NEVER_MOVED if onward is None else Gap.CIRCLE
                return Status(reference, as_of=self.as_of(record), gap=gap)
            seen.add(onward)
            reference = Reference.from_key(onward)
            record = self.find(reference)
        return self._read(reference, record)

    def status_of(self, key: str) -> Status:
        """What is known of the item with this key.

        :raises ValueError: ``key`` is not a key.
        """
        return self.status(Reference.from_key(key))

    def find(self, reference: Reference) -> Record | None:
        """The record of ``reference`` itself, also of a commit that a part of its id names."""
        key = str(reference)
        record = self.records.get(key)
        if record is not None or reference.kind is not ItemKind.COMMIT:
            return record
        # Commits are cited by a part of their id; only a part that fits one commit says which.
        start = bisect_left(self._commit_keys, key)
        fitting = [k for k in self._commit_keys[start : start + 2] if k.startswith(key)]
        return self.records[fitting[0]] if len(fitting) == 1 else None

    @cached_property
    def _commit_keys(self) -> list[str]:
        return sorted(key for key, r in self.records.items() if isinstance(r, CommitRecord))

    def as_of(self, record: Record | None) -> date | None:
        """The day on which ``record``, or that there is none, was true."""
        if record is not None and record.as_of is not None:
            return record.as_of
        return self.header.refreshed if self.header else None

    def _read(self, reference: Reference, record: Record | None) -> Status:
        as_of = self.as_of(record)
        match record:
            case None | BpoRecord() | MovedRecord():
                return Status(reference, as_of=as_of)
            case MissingRecord():
                return Status(reference, State.MISSING, record.title, as_of=as_of)
            case IssueRecord():
                return Status(
                    reference,
                    _STATES[record.reason or record.state],
                    record.title,
                    is_pull=False,
                    opened=record.opened,
                    closed=record.closed,
                    as_of=as_of,
                )
            case PullRecord():
                return Status(
                    reference,
                    _STATES[record.state],
                    record.title,
                    is_pull=True,
                    opened=record.opened,
                    closed=record.closed,
                    first_release=record.first_release,
                    reverted_by=_reference_or_none(record.reverted_by),
                    as_of=as_of,
                )
            case CommitRecord():
                return Status(
                    Reference.from_key(record.key),
                    State.COMMIT,
                    record.title,
                    is_pull=False,
                    opened=record.committed,
                    closed=record.committed,
                    first_release=record.first_release,
                    reverted_by=_reference_or_none(record.reverted_by),
                    as_of=as_of,
                )
            case _:
                assert_never(record)


def _reference_or_none(key: str | None) -> Reference | None:
    return None if key is None else Reference.from_key(key)


def read(path: Path) -> Snapshot:
    """The snapshot in the file ``path``.

    :raises FileError: the file cannot be read, or a line is not what it must be.
    """
    return parse(read_bytes(path), str(path))


def parse(content: bytes, name: str) -> Snapshot:
    """The snapshot whose bytes are ``content``.

    :param name: what error messages call the file.
    :raises FileError: a line is not what it must be.
    """
    no_header = f'{name}:1: the first line must be the header, {{"kind":"header", …'
    header: Header | None = None
    records: dict[str, Record] = {}
    remarks: list[str] = []
    previous = _NO_REFERENCE
    is_sorted = True
    # Some editors write a byte order mark.
    for number, entry in _decode(content.removeprefix(codecs.BOM_UTF8), name):
        try:
            reference = _check(entry)
        except ValueError as error:
            raise FileError(f"{name}:{number}: {error}") from error
        if isinstance(entry, Header):
            if header is not None:
                remarks.append(f"{name}:{number}: another header; the later one counts")
            header = max(header or entry, entry, key=lambda each: each.refreshed)
            continue
        if header is None:
            raise FileError(no_header)
        if entry.key in records:
            remarks.append(f"{name}:{number}: {entry.key} has an earlier record; this one counts")
        elif reference < previous:
            is_sorted = False
        previous = reference
        records[entry.key] = entry
    if header is None:
        raise FileError(no_header)
    if not is_sorted:
        remarks.append(f"{name}: the lines are not sorted")
    return Snapshot(header, records, tuple(remarks))


@cache
def _decoder() -> msgspec.json.Decoder[Header | Record]:
    """What reads a line. A build that knows the file already makes none."""
    return msgspec.json.Decoder(Header | Record)


def _decode(content: bytes, name: str) -> Iterator[tuple[int, Header | Record]]:
    """What the lines hold, with their numbers."""
    try:
        entries = _decoder().decode_lines(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        entries = []
    # All at once, if there is one object on each line: no object holds another.
    if len(entries) == content.count(b"\n") == content.count(b'\n{"') + 1:
        yield from enumerate(entries, 1)
        return
    for number, line in enumerate(io.BytesIO(content), 1):
        if line.strip():
            try:
                yield number, decode_line(line, _decoder(), "keep the lines of both sides")
            except ValueError as error:
                raise FileError(f"{name}:{number}: {error}") from error


def _check(entry: Header | Record) -> Reference:
    """The reference of a record, after a look at every key in it; of a header, one of no meaning.

    :raises ValueError: a format that is not ours; a key that is malformed, not in its one spelling,
        or of the wrong kind.
    """
    match entry:
        case IssueRecord():
            pass  # most records
        case Header(format=number) if number != FORMAT:
            raise ValueError(f"format {number}, but this refstatus reads format {FORMAT}")
        case Header():
            return _NO_REFERENCE
        case BpoRecord(github=str(key)):
            _check_key(key, "github", ItemKind.NUMBER)
        case MovedRecord(to=key):
            _check_key(key, "to", ItemKind.NUMBER)
        case PullRecord(reverted_by=str(key)) | CommitRecord(reverted_by=str(key)):
            _check_key(key, "reverted_by", None)
    return _check_key(entry.key, "key", _FITTING_KEYS.get(type(entry)))


def _check_key(key: str, field: str, kind: ItemKind | None) -> Reference:
    try:
        reference = Reference.from_key(key)
    except ValueError as error:
        raise ValueError(f"field `{field}`: {error}") from error
    if key != key.lower():
        raise ValueError(f"field `{field}`: write {key!r} as {str(reference)!r}")
    if kind is not None and reference.kind is not kind:
        raise ValueError(f"field `{field}`: {key!r} does not fit a record of this kind")
    return reference


def render(header: Header, records: Mapping[str, Record]) -> bytes:
    """The bytes of a tidy file: equal content gives equal bytes."""
    entries = sorted(records.values(), key=lambda record: Reference.from_key(record.key))
    return b"".join(_encoder.encode(entry) + b"\n" for entry in (header, *entries))
