"""Which items a refresh asks for, and what the answers change. No files, no network.

**Dates.** Whatever the snapshot says of an item was true on the day that it names: ``as_of`` of
the record, or else the header's date. So that this holds, a diff is short, and equal answers
leave equal bytes, a refresh goes by these rules:

1. A record without news stays as it is.
2. The header's date moves only in a refresh that asked for every item, got most of the answers,
   and has news. The records that were not answered then keep their day in ``as_of``.
3. Otherwise the header stays. What was found new or changed has today in ``as_of``, and no other
   line changes. The next refresh of everything takes these dates away.
4. A date is that of the tracker's answer. First releases and reverts come from a clone, for every
   record, and move no date by themselves: a record that was not answered gets them and keeps its
   day.

News is a record that is new, changed or removed, a record whose own date can go, a file that git
merged, or one from another source. What became of an id of bugs.python.org is settled for ever,
so such records have no date.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import msgspec

from ..model import ItemKind, Reference, one_line
from ..snapshot import (
    FORMAT,
    BpoRecord,
    CommitRecord,
    Header,
    IssueRecord,
    MissingRecord,
    MovedRecord,
    PullRecord,
    Record,
    Snapshot,
    parse,
    render,
)
from ..urls import BPO_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

#: What the header says of the file's origin.
SOURCE: Final = "GitHub and bugs.python.org; first releases and reverts from the git history"

#: By key: what became of an item, or in one short sentence why nobody says. ``first_release``,
#: ``reverted_by`` and ``as_of`` are never set in an answer, and a missing item has no title: the
#: old ones are kept. A title that is empty, not None, takes the old one away. A moved or renamed
#: item has a moved record under the key that was asked, and the record of its new key. A commit
#: that was asked by a part of its id has its full key.
Answers: TypeAlias = dict[str, Record | str]


class NotFound(str):
    """In an answer, the reason why there is no record: the server knows or shows no such item.

    Whether the item is missing, ``judge_absences()`` says. Only where a server says that an item
    was deleted is the answer a record.
    """


def on_host(place: str, answers: Answers) -> Answers:
    """The answers of a further host, under the keys that they have here.

    :param place: what keys of the host begin with; empty for github.com.
    """
    found: Answers = {}
    for key, answer in answers.items() if place else ():
        found[place + key] = answer
        if not isinstance(answer, str):
            changes = {"key": place + answer.key}
            if isinstance(answer, MovedRecord):
                changes["to"] = place + answer.to
            found[place + key] = msgspec.structs.replace(answer, **changes)
    return found if place else answers


# What to ask for ----------------------------------------------------------------------


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


def records_of(answers: Mapping[str, Record | str]) -> dict[str, Record]:
    """Those of the answers that are records."""
    return {key: answer for key, answer in answers.items() if not isinstance(answer, str)}


def follow(snapshot: Snapshot, reference: Reference) -> Iterator[tuple[Reference, Record | None]]:
    """The item and its record, then those that each bpo or moved record leads on to.

    A commit with a record is named by its full id.
    """
    seen: set[Reference] = set()
    onward: Reference | None = reference
    while onward is not None and onward not in seen:
        seen.add(onward)
        record = snapshot.find(onward)
        yield (onward if record is None else Reference.from_key(record.key)), record
        key = getattr(record, "github", None) or getattr(record, "to", None)
        onward = Reference.from_key(key) if key else None


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
        day = snapshot.as_of(record) if record else None
        return record is not None, str(day or ""), reference

    return sorted(wanted, key=order)


def _is_wanted(reference: Reference, record: Record | None, scope: Scope) -> bool:
    if record is None:
        return True
    if isinstance(record, MovedRecord) or getattr(record, "github", None):
        return False
    if scope is Scope.NAMED:
        return True
    if scope is Scope.NEW or reference.kind is ItemKind.BPO:
        return False
    # Nothing more is expected of what is closed, merged, a commit, gone.
    return scope is Scope.ALL or getattr(record, "state", None) in {"open", "draft"}


def records_cited_nowhere(snapshot: Snapshot, cited: Iterable[Reference]) -> list[str]:
    """The keys of the records that no cited item has or leads to, sorted by item.

    What reverted an item is needed with it: its record says in which release that was.
    """
    followed = (step for reference in cited for step in follow(snapshot, reference))
    records = [record for _, record in followed if record]
    reverts = {getattr(record, "reverted_by", None) for record in records}
    needed = {record.key for record in records} | reverts
    return sorted(snapshot.records.keys() - needed, key=Reference.from_key)


# What is believed ---------------------------------------------------------------------

#: Of so many known items most must be found, of fewer one.
_MANY: Final = 5


def is_good(record: Record | None) -> bool:
    """Whether a record would be lost if its item were missing."""
    return record is not None and not isinstance(record, MissingRecord)


def judge_absences(records: Mapping[str, Record], answers: Answers) -> Answers:
    """The answers, where each ``NotFound`` about a good record is now missing or not answered.

    A token that has lost its access, or another server than usual, finds nothing in a repository.
    So an item is missing only if most of the known items of its repository were found, or, of few,
    one. What was moved was found.

    :param records: those of the snapshot so far.
    """
    found: Counter[str] = Counter()
    lost: dict[str, list[str]] = {}
    for key, answer in answers.items():
        if is_good(records.get(key)):
            tracker = Reference.from_key(key).repository or BPO_HOST
            if isinstance(answer, NotFound):
                lost.setdefault(tracker, []).append(key)
            elif not isinstance(answer, str):
                found[tracker] += 1
    judged = {**answers}
    for tracker, keys in lost.items():
        count = len(keys) + found[tracker]
        if found[tracker] == 0 or (count >= _MANY and 2 * len(keys) > count):
            reason = (
                f"{tracker}: {len(keys)} of {count} known items were not found. That is not "
                "believed, and their records stay. Perhaps this token cannot see the repository "
                "(private, single sign-on, expired), or another server was asked. If they are "
                "really gone, run this again with --believe-missing"
            )
            judged |= dict.fromkeys(keys, reason)
        else:
            judged |= {key: MissingRecord(key) for key in keys}
    return judged


# What has changed ---------------------------------------------------------------------


class Change(NamedTuple):
    """What became of one record.

    :param what: words for a person: ``open -> completed``, ``new, open``, ``removed, …``.
    :param title: the item's title, as its author wrote it, or None.
    """

    key: str
    what: str
    title: str | None

    def __str__(self) -> str:
        return f"{self.key}: {self.what}"


def merge(
    before: Snapshot,
    answers: Mapping[str, Record | str],
    *,
    today: date,
    is_whole: bool,
    removed: Collection[str] = (),
    complete: Callable[[Record], Record] = lambda record: record,
) -> Snapshot:
    """The snapshot with what was found; the module says which dates it has.

    :param today: the day on which the answers were true.
    :param is_whole: whether every item was asked for.
    :param removed: the keys of records that are needed no more, none of which was asked for.
    :param complete: adds to a record, answered or not, what the trackers do not tell.
    """
    found = records_of(answers)
    records = {key: record for key, record in before.records.items() if key not in removed}
    records |= {key: _carry_over(before.records.get(key), new) for key, new in found.items()}
    for part in before.records:
        # Commits that were missing under a part of their id, and are known in full now.
        if isinstance(records.get(part), MissingRecord) and any(
            key.startswith(part) and isinstance(found[key], CommitRecord) for key in found
        ):
            del records[part]
    records = {key: complete(record) for key, record in records.items()}
    changed = {
        key
        for key in before.records.keys() | records.keys()
        if _differ(before.records.get(key), records.get(key))
    }
    header = before.header
    if header is None or (
        is_whole and _is_majority(found, records) and (changed or _is_news(before, found))
    ):
        header = Header(FORMAT, today, SOURCE)
    for key, record in records.items():
        is_of_today = key in found and (key in changed or header is not before.header)
        day = today if is_of_today else before.as_of(before.records[key])
        is_plain = day == header.refreshed or _is_settled(record)
        records[key] = _with_day(record, None if is_plain else day)
    return Snapshot(header, records)


def is_news(old: Record | None, answer: Record) -> bool:
    """Whether an answer says anything that the old record does not."""
    return _differ(old, _carry_over(old, answer))


def _carry_over(old: Record | None, new: Record) -> Record:
    """The answer with what only the old record knows."""
    kept: dict[str, Any] = {"as_of": None}
    for name in ("title", "first_release", "reverted_by"):
        if not getattr(new, name, "no such field"):
            kept[name] = getattr(old, name, None) if getattr(new, name) is None else None
    return msgspec.structs.replace(new, **kept)


def find_problem(key: str, record: Record) -> str | None:
    """Why a snapshot with ``record`` under ``key`` could not be read again; None where it could."""
    if record.key != key:
        return f"it is about {one_line(record.key)}"
    header = Header(FORMAT, date.min, SOURCE)
    try:
        parse(render(header, {key: record}), "the answer")
    except ValueError as error:
        return one_line(str(error))
    return None


def _is_majority(found: Mapping[str, Record], records: Mapping[str, Record]) -> bool:
    """Whether most of what has a date was answered."""
    dated = [key for key, record in records.items() if not _is_settled(record)]
    return 2 * sum(key in found for key in dated) > len(dated)


def _is_news(before: Snapshot, found: Mapping[str, Record]) -> bool:
    """Whether the file is to be written again although no record has changed."""
    known = (before.records[key] for key in found.keys() & before.records.keys())
    return bool(
        before.remarks
        or (before.header is not None and before.header.source != SOURCE)
        or any(record.as_of is not None for record in known)
    )


def _is_settled(record: Record) -> bool:
    """Whether a record holds for ever, so that its date does not matter."""
    return isinstance(record, BpoRecord) or (
        isinstance(record, MissingRecord) and Reference.from_key(record.key).kind is ItemKind.BPO
    )


def _with_day(record: Record, as_of: date | None) -> Record:
    return record if record.as_of == as_of else msgspec.structs.replace(record, as_of=as_of)


def _differ(old: Record | None, new: Record | None) -> bool:
    """Whether two records say different things; their dates do not count."""
    if old is None or new is None:
        return old is not new
    return _with_day(old, None) != _with_day(new, None)


def compare(old: Mapping[str, Record], new: Mapping[str, Record]) -> list[Change]:
    """What is different, sorted by item; dates of records do not count."""
    changes = []
    for key in old.keys() | new.keys():
        before, after = old.get(key), new.get(key)
        if _differ(before, after):
            what = _describe_change(before, after)
            titles = [getattr(record, "title", None) for record in (after, before)]
            changes.append(Change(key, what, titles[0] or titles[1]))
    return sorted(changes, key=lambda change: Reference.from_key(change.key))


def _describe_change(old: Record | None, new: Record | None) -> str:
    """What is different, for a person; empty if nothing is."""
    if new is None:
        return "removed"
    if old is None:
        return f"new, {words(new)}"
    parts = []
    told = {"key", "as_of"}
    states = [words(old), words(new)]
    if states[0] != states[1] or type(old) is not type(new):
        if states[0] == states[1]:
            states = [f"{record.__struct_config__.tag} ({words(record)})" for record in (old, new)]
        parts.append(" -> ".join(states))
        told |= {"state", "reason", "opened", "closed", "committed", "reverted_by", "github", "to"}
    for name in new.__struct_fields__:
        before, after = getattr(old, name, None), getattr(new, name)
        if name in told or before == after:
            continue
        values = [str(value) if value else "unknown" for value in (before, after)]
        if name == "title":
            values = [f'"{one_line(title)}"' if title else "unknown" for title in (before, after)]
        if values[0] == values[1]:
            parts.append("white space in title")  # they differ in what one_line() leaves out
        else:
            parts.append(f"{name.replace('_', ' ')} {' -> '.join(values)}")
    return ", ".join(parts)


def words(record: Record) -> str:
    """What became of an item: the words of its badge, and where it went."""
    match record:
        case BpoRecord(github=None):
            return "not on GitHub"
        case BpoRecord(github=key):
            return f"became {key}"
        case MovedRecord(to=key):
            return f"moved to {key}"
        case MissingRecord():
            return "missing"
        case IssueRecord():
            return record.reason or record.state
        case PullRecord() | CommitRecord():
            state = "commit" if isinstance(record, CommitRecord) else record.state
            return f"{state}, reverted by {record.reverted_by}" if record.reverted_by else state
