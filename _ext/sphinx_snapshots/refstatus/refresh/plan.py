"""Which items a refresh asks for, and which records nothing needs. No files, no network."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from ..model import ItemKind, Reference
from ..snapshot import BpoRecord, IssueRecord, MovedRecord, PullRecord, Record, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ..snapshot import Header


class Scope(Enum):
    """Which items a refresh asks for."""

    #: Everything that is cited or has a record.
    ALL = auto()
    #: What is cited and has no record.
    NEW = auto()
    #: What is cited and may still change of its own accord, or has no record.
    OPEN = auto()
    #: Exactly what a person named.
    NAMED = auto()


def find_record(snapshot: Snapshot, reference: Reference) -> Record | None:
    """The record of ``reference`` itself, also of a commit that a part of its id names."""
    record = snapshot.records.get(str(reference))
    if record is None and reference.kind is ItemKind.COMMIT:
        record = snapshot.records.get(str(snapshot.status(reference).reference))
    return record


def follow(snapshot: Snapshot, reference: Reference) -> Iterator[tuple[Reference, Record | None]]:
    """The item and its record, then those that each bpo or moved record leads on to.

    A commit with a record is named by its full id.
    """
    seen: set[Reference] = set()
    onward: Reference | None = reference
    while onward is not None and onward not in seen:
        seen.add(onward)
        record = find_record(snapshot, onward)
        yield (onward if record is None else Reference.from_key(record.key)), record
        match record:
            case BpoRecord(github=str(key)) | MovedRecord(to=key):
                onward = Reference.from_key(key)
            case _:
                onward = None


def items_to_ask(snapshot: Snapshot, roots: Iterable[Reference], scope: Scope) -> list[Reference]:
    """The items to ask for: first those without a record, then those with the oldest date.

    An id of bugs.python.org is asked for once: afterwards the issue that it became is. A moved item
    is asked for under its new key.

    :param roots: what the site cites, or what a person named.
    """
    starts = set(roots)
    if scope is Scope.ALL:
        starts.update(map(Reference.from_key, snapshot.records))
    wanted = {
        reference: record
        for start in starts
        for reference, record in follow(snapshot, start)
        if _is_wanted(reference, record, scope)
    }

    def order(reference: Reference) -> tuple[bool, str, Reference]:
        record = wanted[reference]
        day = None if record is None else day_of(record, snapshot.header)
        return record is not None, str(day or ""), reference

    return sorted(wanted, key=order)


def _is_wanted(reference: Reference, record: Record | None, scope: Scope) -> bool:
    if record is None:
        return True
    match record:
        case MovedRecord() | BpoRecord(github=str()):
            return False
        case _ if reference.kind is ItemKind.BPO:
            return scope is Scope.NAMED
    match scope:
        case Scope.NEW:
            return False
        case Scope.OPEN:
            return not _is_final(record)
        case Scope.ALL | Scope.NAMED:
            return True


def _is_final(record: Record) -> bool:
    """Whether nothing more is expected: closed, merged, a commit, gone."""
    return not (isinstance(record, IssueRecord | PullRecord) and record.state in {"open", "draft"})


def items_without_record(snapshot: Snapshot, cited: Iterable[Reference]) -> list[Reference]:
    """The cited items of which nothing is known, and those that cited ones became."""
    return items_to_ask(snapshot, cited, Scope.NEW)


def records_cited_nowhere(snapshot: Snapshot, cited: Iterable[Reference]) -> list[str]:
    """The keys of the records that no cited item has or leads to, sorted by item."""
    needed = {
        record.key
        for reference in cited
        for _, record in follow(snapshot, reference)
        if record is not None
    }
    return sorted(snapshot.records.keys() - needed, key=Reference.from_key)


def day_of(record: Record, header: Header | None) -> date | None:
    """The day on which ``record`` was true."""
    return record.as_of or (header.refreshed if header else None)
