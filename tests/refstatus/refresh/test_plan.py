"""Which items a refresh asks for, and which records nothing needs."""

from __future__ import annotations

from datetime import date

import msgspec
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.merge import (
    Scope,
    items_to_ask,
    records_cited_nowhere,
)
from sphinx_snapshots.refstatus.snapshot import (
    BpoRecord,
    CommitRecord,
    Header,
    IssueRecord,
    MissingRecord,
    MovedRecord,
    PullRecord,
    Record,
    Snapshot,
)

OLD_DAY = date(2026, 1, 5)
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"

OPEN = IssueRecord("o/r#1", state="open", title="One")
CLOSED = IssueRecord("o/r#2", state="closed", reason="completed", title="Two")
MERGED = PullRecord("o/r#3", state="merged")
COMMIT = CommitRecord(f"o/r@{SHA}", title="Four")
ALL = (
    OPEN,
    CLOSED,
    MERGED,
    COMMIT,
    BpoRecord("bpo-5", github="o/r#1"),
    BpoRecord("bpo-6"),
    MovedRecord("o/r#7", to="o/r#2"),
    MissingRecord("o/r#8", title="Eight"),
)


def snapshot_of(*records: Record) -> Snapshot:
    header = Header(1, date(2026, 11, 22), "tests")
    return Snapshot(header, {record.key: record for record in records})


def references(*keys: str) -> list[Reference]:
    return [Reference.from_key(key) for key in keys]


def asked(snapshot: Snapshot, scope: Scope, *keys: str) -> list[str]:
    return [str(reference) for reference in items_to_ask(snapshot, references(*keys), scope)]


def test_everything_cited_or_recorded_is_asked_unless_it_is_settled_for_ever() -> None:
    assert asked(snapshot_of(*ALL), Scope.ALL, "o/r#10", "bpo-11") == [
        "bpo-11",
        "o/r#10",
        f"o/r@{SHA}",
        "o/r#1",
        "o/r#2",
        "o/r#3",
        "o/r#8",
    ]


def test_new_is_what_has_no_record_also_behind_a_bpo_id_or_a_move() -> None:
    snapshot = snapshot_of(
        *ALL, BpoRecord("bpo-12", github="o/r#12"), MovedRecord("o/r#13", "o/r#14")
    )
    cited = ("bpo-5", "bpo-6", "o/r#7", "o/r#8", "o/r#10", "bpo-12", "o/r#13")
    assert asked(snapshot, Scope.NEW, *cited) == ["o/r#10", "o/r#12", "o/r#14"]


def test_open_is_what_may_still_change_and_what_is_unknown() -> None:
    draft = PullRecord("o/r#11", state="draft")
    snapshot = snapshot_of(*ALL, draft)
    cited = [*snapshot.records, "o/r#10"]
    assert asked(snapshot, Scope.OPEN, *cited) == ["o/r#10", "o/r#1", "o/r#11"]


def test_what_a_person_names_is_asked_under_the_key_that_it_has_now() -> None:
    snapshot = snapshot_of(*ALL)
    assert asked(snapshot, Scope.NAMED, "bpo-5") == ["o/r#1"]
    assert asked(snapshot, Scope.NAMED, "bpo-6") == ["bpo-6"]
    assert asked(snapshot, Scope.NAMED, "o/r#7", "o/r#8") == ["o/r#2", "o/r#8"]
    assert asked(snapshot, Scope.NAMED, f"o/r@{SHA[:9]}") == [f"o/r@{SHA}"]


def test_what_was_seen_longest_ago_is_asked_first() -> None:
    aged = msgspec.structs.replace(CLOSED, as_of=OLD_DAY)
    assert asked(snapshot_of(OPEN, aged, MERGED), Scope.ALL, "o/r#99") == [
        "o/r#99",
        "o/r#2",
        "o/r#1",
        "o/r#3",
    ]


def test_records_that_a_cited_item_leads_to_are_needed() -> None:
    snapshot = snapshot_of(*ALL)
    cited = references("bpo-5", "o/r#7", f"o/r@{SHA[:7]}")
    assert records_cited_nowhere(snapshot, cited) == ["bpo-6", "o/r#3", "o/r#8"]


def test_the_record_of_what_reverted_a_cited_item_is_needed() -> None:
    """A list says in which release the revert was, which that record has."""
    reverted = PullRecord("o/r#11", state="merged", reverted_by="o/r#3")
    snapshot = snapshot_of(MERGED, reverted)
    assert records_cited_nowhere(snapshot, references("o/r#11")) == []
    assert records_cited_nowhere(snapshot, []) == ["o/r#3", "o/r#11"]


def test_a_circle_of_moves_ends() -> None:
    snapshot = snapshot_of(MovedRecord("o/r#1", "o/r#2"), MovedRecord("o/r#2", "o/r#1"))
    assert asked(snapshot, Scope.ALL, "o/r#1") == []
