"""What answers change in the snapshot, which dates are then told, and in which words."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.merge import SOURCE, compare, find_problem, merge
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
    parse,
    render,
)

ROOT = Path(__file__).parents[3]
OLD_DAY = date(2026, 1, 5)
DAY = date(2026, 11, 22)
TODAY = date(2026, 11, 29)
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"

OPEN = IssueRecord("o/r#1", state="open", title="One")
CLOSED = IssueRecord("o/r#2", state="closed", reason="completed", title="Two")
MERGED = PullRecord("o/r#3", state="merged", first_release="3.9.0a4", reverted_by="o/r#9")
COMMIT = CommitRecord(f"o/r@{SHA}", title="Four")
BPO = BpoRecord("bpo-5", github="o/r#1")
UNMIGRATED = BpoRecord("bpo-6")
MOVED = MovedRecord("o/r#7", to="o/r#2")
MISSING = MissingRecord("o/r#8", title="Eight")
ALL = (OPEN, CLOSED, MERGED, COMMIT, BPO, UNMIGRATED, MOVED, MISSING)


def by_key(*records: Record) -> dict[str, Record]:
    return {record.key: record for record in records}


def snapshot_of(*records: Record, day: date = DAY) -> Snapshot:
    return Snapshot(Header(1, day, SOURCE), by_key(*records))


def as_file(snapshot: Snapshot) -> bytes:
    assert snapshot.header is not None
    return render(snapshot.header, snapshot.records)


def refresh(before: Snapshot, *found: Record, whole: bool = True, today: date = TODAY) -> Snapshot:
    """The snapshot after these answers, as it is read from its file."""
    return parse(as_file(merge(before, by_key(*found), today=today, is_whole=whole)), "new")


def changes(before: Snapshot, *found: Record) -> list[str]:
    return differences(before, merge(before, by_key(*found), today=TODAY, is_whole=True))


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    return list(map(str, compare(before.records, after.records)))


def day_shown(snapshot: Snapshot, key: str) -> date | None:
    return snapshot.status_of(key).as_of


# Answers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "record", "reason"),
    [
        ("o/r#1", CLOSED, "it is about o/r#2"),
        ("O/R#1", IssueRecord("O/R#1", state="open"), "write 'O/R#1' as 'o/r#1'"),
        ("o/r#1", IssueRecord("o/r#1", state="melted"), "Invalid enum value 'melted'"),  # type: ignore[arg-type]  # what a tracker may invent
        ("o/r#1", IssueRecord("o/r#1", state="open", title="\ud800"), "surrogates"),
    ],
)
def test_an_answer_that_could_not_be_read_again_is_known(
    key: str, record: Record, reason: str
) -> None:
    assert reason in (find_problem(key, record) or "")


def test_an_answer_keeps_what_only_the_old_record_knows() -> None:
    before = snapshot_of(OPEN, MERGED, CommitRecord(f"o/r@{SHA}", first_release="3.9.0"))
    after = refresh(
        before,
        MissingRecord("o/r#1"),
        PullRecord("o/r#3", state="merged", title="New"),
        COMMIT,
    ).records
    assert after["o/r#1"] == MissingRecord("o/r#1", title="One")
    assert after["o/r#3"] == msgspec.structs.replace(MERGED, title="New")
    assert after[f"o/r@{SHA}"] == msgspec.structs.replace(COMMIT, first_release="3.9.0")


def name_releases(record: Record) -> Record:
    """What a clone does that knows one release, with everything in it."""
    if isinstance(record, PullRecord | CommitRecord):
        return msgspec.structs.replace(record, first_release="3.15.0", reverted_by=None)
    return record


@pytest.mark.parametrize("whole", [True, False])
def test_a_clone_tells_of_every_record_whether_it_was_answered_or_not(whole: bool) -> None:
    older = PullRecord("o/r#4", state="merged", as_of=OLD_DAY)
    before = snapshot_of(OPEN, CLOSED, MERGED, older, COMMIT)
    found = by_key(OPEN, CLOSED, COMMIT)
    merged = merge(before, found, today=TODAY, is_whole=whole, complete=name_releases)
    assert differences(before, merged) == [
        f"o/r@{SHA}: first release unknown -> 3.15.0",
        "o/r#3: merged, reverted by o/r#9 -> merged, first release 3.9.0a4 -> 3.15.0",
        "o/r#4: first release unknown -> 3.15.0",
    ]
    after = parse(as_file(merged), "new")
    assert after.header == Header(1, TODAY if whole else DAY, SOURCE)
    # The days are those of the tracker's answers.
    days = {key: day_shown(after, key) for key in ("o/r#1", "o/r#3", "o/r#4", COMMIT.key)}
    assert days == {
        "o/r#1": TODAY if whole else DAY,
        "o/r#3": DAY,
        "o/r#4": OLD_DAY,
        COMMIT.key: TODAY,
    }
    again = merge(after, found, today=date(2026, 12, 6), is_whole=whole, complete=name_releases)
    assert differences(after, again) == []
    assert parse(as_file(again), "new").records.keys() == after.records.keys()


def test_what_a_clone_corrects_in_a_record_that_is_removed_is_no_news() -> None:
    before = snapshot_of(OPEN, MERGED)
    merged = merge(
        before, {}, today=TODAY, is_whole=True, removed=[MERGED.key], complete=name_releases
    )
    assert differences(before, merged) == ["o/r#3: removed"]


def test_a_moved_item_keeps_its_title_and_brings_its_new_self() -> None:
    new = IssueRecord("o/x#5", state="open", title="One")
    after = refresh(snapshot_of(OPEN), MovedRecord("o/r#1", to="o/x#5"), new)
    assert after.records["o/r#1"] == MovedRecord("o/r#1", to="o/x#5", title="One")
    assert after.status_of("o/r#1").reference == Reference.github("o/x", 5)


def test_a_commit_that_was_missing_under_a_part_of_its_id_is_found() -> None:
    before = snapshot_of(MissingRecord(f"o/r@{SHA[:9]}"), MissingRecord("o/r@1234567"))
    after = refresh(before, COMMIT)
    assert list(after.records) == ["o/r@1234567", f"o/r@{SHA}"]
    assert after.status_of(f"o/r@{SHA[:9]}").title == "Four"


# Dates --------------------------------------------------------------------------------


def test_no_news_leaves_the_same_bytes() -> None:
    before = snapshot_of(*ALL, IssueRecord("o/r#20", state="open", as_of=OLD_DAY))
    content = render(Header(1, DAY, SOURCE), before.records)
    for whole in (True, False):
        merged = merge(before, by_key(OPEN, CLOSED, COMMIT, MISSING), today=TODAY, is_whole=whole)
        assert differences(before, merged) == []
        assert as_file(merged) == content


def test_a_whole_refresh_with_news_makes_everything_of_today() -> None:
    closed = IssueRecord("o/r#1", state="closed", reason="completed", title="One", closed=TODAY)
    after = refresh(snapshot_of(OPEN, CLOSED), closed, CLOSED)
    assert after.header == Header(1, TODAY, SOURCE)
    assert after.records == by_key(closed, CLOSED)


def test_what_was_not_answered_keeps_its_day() -> None:
    older = IssueRecord("o/r#4", state="open", as_of=OLD_DAY)
    before = snapshot_of(OPEN, CLOSED, MERGED, older)
    after = refresh(before, msgspec.structs.replace(OPEN, title="Uno"), CLOSED, MERGED)
    assert after.header is not None
    assert after.header.refreshed == TODAY
    assert day_shown(after, "o/r#2") == TODAY
    assert day_shown(after, "o/r#4") == OLD_DAY
    after = refresh(before, msgspec.structs.replace(OPEN, title="Uno"), CLOSED, older)
    assert day_shown(after, "o/r#3") == DAY
    assert after.records["o/r#3"].as_of == DAY
    assert day_shown(after, "o/r#4") == TODAY


@pytest.mark.parametrize("whole", [True, False])
def test_where_most_was_not_asked_or_answered_no_other_line_changes(whole: bool) -> None:
    before = snapshot_of(*ALL)
    new = IssueRecord("o/r#10", state="open")
    after = refresh(before, new, whole=whole)
    assert after.header == before.header
    assert day_shown(after, "o/r#10") == TODAY
    assert {key: after.records[key] for key in before.records} == before.records


def test_even_with_most_items_answered_a_partial_refresh_changes_no_other_line() -> None:
    before = snapshot_of(OPEN, CLOSED, MERGED)
    renamed = msgspec.structs.replace(OPEN, title="Uno")
    after = refresh(before, renamed, CLOSED, whole=False)
    assert after.header == before.header
    assert after.records["o/r#1"] == msgspec.structs.replace(renamed, as_of=TODAY)
    assert after.records["o/r#2"] == CLOSED


def test_the_next_whole_refresh_takes_the_dates_of_single_records_away() -> None:
    before = refresh(snapshot_of(OPEN, CLOSED), IssueRecord("o/r#10", state="open"), whole=False)
    found = [msgspec.structs.replace(record, as_of=None) for record in before.records.values()]
    later = date(2026, 12, 6)
    after = refresh(before, *found, today=later)
    assert after.header is not None
    assert after.header.refreshed == later
    assert [record.as_of for record in after.records.values()] == [None] * 3


def test_a_partial_refresh_on_the_day_of_the_header_needs_no_dates() -> None:
    after = refresh(snapshot_of(OPEN), CLOSED, whole=False, today=DAY)
    assert after.records["o/r#2"] == CLOSED


def test_the_first_refresh_makes_the_file_and_tells_where_it_is_from() -> None:
    after = refresh(Snapshot.empty(), OPEN, whole=False)
    assert after.header == Header(1, TODAY, SOURCE)
    assert after.records == by_key(OPEN)
    archived = Snapshot(Header(1, DAY, "archives"), by_key(OPEN))
    assert refresh(archived, OPEN).header == Header(1, TODAY, SOURCE)
    assert refresh(archived, OPEN, whole=False).header == archived.header


def test_what_became_of_a_bpo_id_has_no_date() -> None:
    after = refresh(snapshot_of(OPEN, CLOSED), BPO, MissingRecord("bpo-9"), whole=False)
    assert after.records["bpo-5"].as_of is None
    assert after.records["bpo-9"].as_of is None
    assert day_shown(after, "bpo-5") == DAY


KEYS = [f"o/r#{number}" for number in range(1, 6)]
issues = st.builds(
    IssueRecord,
    st.sampled_from(KEYS),
    state=st.sampled_from(["open", "closed"]),
    title=st.sampled_from(["a", "b"]),
)
issue_sets = st.lists(issues, unique_by=lambda record: record.key)
dates = st.dates(date(2026, 1, 1), DAY)


@settings(max_examples=60)
@given(issue_sets, st.lists(dates, min_size=5, max_size=5), issue_sets, st.booleans())
def test_no_date_is_ever_told_that_is_not_true(
    records: list[IssueRecord], days: list[date], found: list[IssueRecord], whole: bool
) -> None:
    aged = [msgspec.structs.replace(r, as_of=d) for r, d in zip(records, days, strict=False)]
    before = snapshot_of(*aged)
    after = refresh(before, *found, whole=whole)
    answers = by_key(*found)
    for key in after.records:
        shown = after.status_of(key)
        true_on = set()
        old = before.status_of(key)
        if key in before.records and (shown.state, shown.title) == (old.state, old.title):
            true_on.add(old.as_of)
        if key in answers:
            new = snapshot_of(answers[key]).status_of(key)
            if (shown.state, shown.title) == (new.state, new.title):
                true_on.add(TODAY)
        assert shown.as_of in true_on
    again = refresh(after, *found, whole=whole, today=date(2026, 12, 6))
    assert again == after


# Words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (OPEN, CLOSED, 'open -> completed, title "One" -> "Two"'),
        (None, OPEN, "new, open"),
        (None, BPO, "new, became o/r#1"),
        (None, UNMIGRATED, "new, not on GitHub"),
        (OPEN, MissingRecord("o/r#1"), "open -> missing"),
        (OPEN, MovedRecord("o/r#1", to="o/x#5"), "open -> moved to o/x#5"),
        (
            PullRecord("o/r#1", state="merged"),
            PullRecord("o/r#1", state="merged", first_release="3.9.0", reverted_by="o/r#9"),
            "merged -> merged, reverted by o/r#9, first release unknown -> 3.9.0",
        ),
        (OPEN, PullRecord("o/r#1", state="open", title="One"), "issue (open) -> pull (open)"),
        (
            OPEN,
            IssueRecord("o/r#1", state="open", title="Uno\x1b[2J \u202edos", opened=DAY),
            'title "One" -> "Uno[2J dos", opened unknown -> 2026-11-22',
        ),
        (OPEN, msgspec.structs.replace(OPEN, title="One "), "white space in title"),
        (
            OPEN,
            msgspec.structs.replace(OPEN, title=None, closed=DAY),
            "closed unknown -> 2026-11-22",
        ),
    ],
)
def test_a_change_is_one_line(old: Record | None, new: Record, words: str) -> None:
    key = (old or new).key
    before = snapshot_of(*([] if old is None else [old]))
    assert changes(before, msgspec.structs.replace(new, key=key)) == [f"{key}: {words}"]


def test_changes_are_sorted_by_item_and_tell_of_removed_records() -> None:
    before = snapshot_of(OPEN, CLOSED)
    merged = merge(
        before,
        by_key(IssueRecord("o/r#10", state="open"), BPO),
        today=TODAY,
        is_whole=True,
        removed=["o/r#2"],
    )
    assert differences(before, merged) == [
        "bpo-5: new, became o/r#1",
        "o/r#2: removed",
        "o/r#10: new, open",
    ]
    assert "o/r#2" not in merged.records


# Branches -----------------------------------------------------------------------------


class Repository:
    """A git repository that holds a snapshot, with this project's attributes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "_data" / "references.jsonl"
        self.path.parent.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        shutil.copy(ROOT / ".gitattributes", folder)

    def git(self, *arguments: str) -> str:
        options = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ["git", "-C", str(self.folder), *options, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def commit(self, snapshot: Snapshot) -> None:
        self.path.write_bytes(as_file(snapshot))
        self.git("add", ".")
        self.git("commit", "--quiet", "--message=x")


def test_two_branches_that_were_refreshed_merge_and_the_next_refresh_tidies(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    issues = [IssueRecord(f"o/r#{n}", state="open") for n in (1, 2, 3, 20)]
    base = snapshot_of(*issues)
    repository.commit(base)
    closed = [msgspec.structs.replace(r, state="closed", reason="completed") for r in issues]
    repository.git("switch", "--quiet", "--create", "other")
    added = IssueRecord("o/r#11", state="open")
    repository.commit(refresh(base, closed[0], *issues[1:], added, today=date(2026, 11, 28)))
    repository.git("switch", "--quiet", "main")
    mine = IssueRecord("o/r#10", state="open")
    repository.commit(refresh(base, *closed[:2], *issues[2:], mine))
    repository.git("merge", "--quiet", "--no-edit", "other")

    merged = parse(repository.path.read_bytes(), "x")
    assert merged.header is not None
    assert merged.header.refreshed == TODAY
    assert set(merged.records) == {f"o/r#{n}" for n in (1, 2, 3, 10, 11, 20)}
    assert merged.remarks
    truth = [*closed, added, mine]
    tidy = refresh(merged, *truth, today=date(2026, 12, 6))
    assert tidy.remarks == ()
    assert tidy.header == Header(1, date(2026, 12, 6), SOURCE)
    assert tidy.records == by_key(*sorted(truth, key=lambda r: Reference.from_key(r.key)))


def test_new_records_of_a_branch_merge_with_the_weekly_refresh_and_keep_their_day(
    tmp_path: Path,
) -> None:
    repository = Repository(tmp_path)
    base = snapshot_of(OPEN, CLOSED)
    repository.commit(base)
    repository.git("switch", "--quiet", "--create", "note")
    new = [IssueRecord(f"o/r#{n}", state="open") for n in (5, 9)]
    repository.commit(refresh(base, *new, whole=False, today=date(2026, 11, 25)))
    repository.git("switch", "--quiet", "main")
    repository.commit(refresh(base, msgspec.structs.replace(OPEN, title="Uno"), CLOSED))
    repository.git("merge", "--quiet", "--no-edit", "note")
    merged = parse(repository.path.read_bytes(), "x")
    assert merged.remarks == ()
    assert [day_shown(merged, key) for key in merged.records] == [
        TODAY,
        TODAY,
        date(2026, 11, 25),
        date(2026, 11, 25),
    ]


def test_a_file_that_git_merged_is_tidied_even_without_news(tmp_path: Path) -> None:
    header = b'{"kind":"header","format":1,"refreshed":"2026-11-21","source":"x"}\n'
    content = header + render(Header(1, DAY, SOURCE), by_key(OPEN, CLOSED))
    before = parse(content, "x")
    assert before.remarks
    for whole in (True, False):
        after = refresh(before, OPEN, CLOSED, whole=whole)
        assert after.remarks == ()
        assert after.header == Header(1, TODAY if whole else DAY, SOURCE)
