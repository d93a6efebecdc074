"""What a refresh asks for, what the answers change, which dates are then told, and in which words.

All of this is pure. The command as a whole is in ``test_refstatus_command.py``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.answers import Answers
from sphinx_snapshots.refstatus.refresh.merge import (
    SOURCE,
    Change,
    Report,
    Round,
    Scope,
    items_to_ask,
    items_without_record,
    merge,
    records_cited_nowhere,
    summarize,
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


def references(*keys: str) -> list[Reference]:
    return [Reference.from_key(key) for key in keys]


def asked(snapshot: Snapshot, scope: Scope, *keys: str) -> list[str]:
    return [str(reference) for reference in items_to_ask(snapshot, references(*keys), scope)]


def refresh(before: Snapshot, *found: Record, whole: bool = True, today: date = TODAY) -> Snapshot:
    """The snapshot after these answers, as it is read from its file."""
    merged = merge(before, by_key(*found), today=today, is_whole=whole)
    return parse(render(merged.header, merged.records), "new")


def changes(before: Snapshot, *found: Record) -> list[str]:
    return list(map(str, merge(before, by_key(*found), today=TODAY, is_whole=True).changes))


def day_shown(snapshot: Snapshot, key: str) -> date | None:
    return snapshot.status_of(key).as_of


# What is asked ------------------------------------------------------------------------


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
    assert items_without_record(snapshot, references(*cited)) == references(
        "o/r#10", "o/r#12", "o/r#14"
    )


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


def test_a_circle_of_moves_ends() -> None:
    snapshot = snapshot_of(MovedRecord("o/r#1", "o/r#2"), MovedRecord("o/r#2", "o/r#1"))
    assert asked(snapshot, Scope.ALL, "o/r#1") == []


# Answers ------------------------------------------------------------------------------


def test_a_round_knows_what_still_waits() -> None:
    round_ = Round()
    round_.ask(references("o/r#1", "o/r#2", "o/r#3", f"o/r@{SHA[:7]}"))
    round_.add(Answers(by_key(OPEN, COMMIT), {"o/r#2": "forbidden"}))
    assert list(round_.waiting) == ["o/r#3"]
    round_.give_up(["o/r#3", "o/r#1"], "the limit is used up")
    assert not round_.waiting
    assert round_.unanswered == {"o/r#2": "forbidden", "o/r#3": "the limit is used up"}
    round_.add(Answers(by_key(CLOSED), {}))
    assert round_.unanswered == {"o/r#3": "the limit is used up"}


@pytest.mark.parametrize(
    ("key", "record", "reason"),
    [
        ("o/r#1", CLOSED, "it is about o/r#2"),
        ("O/R#1", IssueRecord("O/R#1", state="open"), "write 'O/R#1' as 'o/r#1'"),
        ("o/r#1", IssueRecord("o/r#1", state="melted"), "Invalid enum value 'melted'"),  # type: ignore[arg-type]  # what a tracker may invent
        ("o/r#1", IssueRecord("o/r#1", state="open", title="\ud800"), "surrogates"),
    ],
)
def test_an_answer_that_could_not_be_read_again_is_not_kept(
    key: str, record: Record, reason: str
) -> None:
    round_ = Round()
    round_.ask(references("o/r#1"))
    round_.add(Answers({key: record}, {}))
    assert not round_.records
    assert reason in round_.unanswered[key]


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
    assert list(map(str, merged.changes)) == [
        f"o/r@{SHA}: first release unknown -> 3.15.0",
        "o/r#3: merged, reverted by o/r#9 -> merged, first release 3.9.0a4 -> 3.15.0",
        "o/r#4: first release unknown -> 3.15.0",
    ]
    after = parse(render(merged.header, merged.records), "new")
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
    assert again.changes == []
    assert parse(render(again.header, again.records), "new").records.keys() == after.records.keys()


def test_what_a_clone_corrects_in_a_record_that_is_removed_is_no_news() -> None:
    before = snapshot_of(OPEN, MERGED)
    merged = merge(
        before, {}, today=TODAY, is_whole=True, removed=[MERGED.key], complete=name_releases
    )
    assert list(map(str, merged.changes)) == ["o/r#3: removed"]


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
        assert merged.changes == []
        assert render(merged.header, merged.records) == content


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
    assert list(map(str, merged.changes)) == [
        "bpo-5: new, became o/r#1",
        "o/r#2: removed",
        "o/r#10: new, open",
    ]
    assert "o/r#2" not in merged.records


HOSTILE = [
    "@python/core [x](https://evil.example) <img src=x onerror=alert(1)>",
    "`` @someone ``` #123 python/cpython#1 GH-5",
    "`",
    "``",
    " ` ",
    "a\n\n# heading\n- item\n\x1b[2J\u202e",
    "|table| &lt; \\` **bold** https://evil.example/?a=b",
    "",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_in_the_summary_is_text_and_nothing_else(title: str) -> None:
    report = Report(
        [Change("o/r#1", "open -> completed", title)], {"o/r#2": title}, [title], [title]
    )
    assert_is_harmless(summarize(report))


@given(st.text())
def test_no_title_breaks_out_of_the_summary(title: str) -> None:
    assert_is_harmless(summarize(Report([Change("o/r#1", "new, open", title)], {}, [], [])))


def assert_is_harmless(summary: str) -> None:
    """Outside of code spans there are only the words of the summary itself."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(summary)
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {"heading", "bullet_list", "list_item", "paragraph", "inline"}
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {
        "code_inline", "text", "strong_open", "strong_close", "softbreak",
    }  # fmt: skip
    outside = "".join(child.content for child in children if child.type == "text")
    assert not set(outside) - set("abcdefghijklmnopqrstuvwxyzCNS ;,:()0123456789")


def test_a_summary_says_all_that_a_reviewer_must_know() -> None:
    report = Report(
        [Change("o/r#1", "open -> completed", "A `title`")],
        {"o/r#2": "forbidden"},
        ["the limit is used up"],
        ["_data/python.inv: the names in docs.python.org"],
    )
    assert summarize(report) == (
        "**Stopped early:** `the limit is used up`\n"
        "\n"
        "## Changed (1)\n"
        "\n"
        "- `o/r#1`: `open -> completed`, `` A `title` ``\n"
        "\n"
        "## Changed as well (1)\n"
        "\n"
        "- `_data/python.inv: the names in docs.python.org`\n"
        "\n"
        "## Not answered; the old records stay (1)\n"
        "\n"
        "- `o/r#2`: `forbidden`\n"
    )
    assert summarize(Report([], {}, [], [])) == "Nothing has changed.\n"


def test_a_title_that_changed_stands_in_the_summary_once() -> None:
    merged = merge(
        snapshot_of(OPEN),
        by_key(msgspec.structs.replace(OPEN, title="Uno")),
        today=TODAY,
        is_whole=True,
    )
    assert summarize(Report(merged.changes, {}, [], [])).endswith(
        '- `o/r#1`: `title "One" -> "Uno"`\n'
    )


def test_a_long_summary_is_cut_between_lines_and_says_so() -> None:
    many = [Change(f"o/r#{n}", "new, open", "x" * 150) for n in range(1, 1001)]
    summary = summarize(Report(many, {}, [], []))
    assert len(summary) < 65_536
    *_, last, gap, end = summary.splitlines()
    assert (last[-3:], gap) == ("xx`", "")
    shown = summary.count("new, open")
    assert end == f"… and {1000 - shown} more lines: see the diff."


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
        assert snapshot.header is not None
        self.path.write_bytes(render(snapshot.header, snapshot.records))
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


# Many items ---------------------------------------------------------------------------

MANY = """
import json, sys, time
from datetime import date
from pathlib import Path
from sphinx_snapshots.refstatus.refresh.answers import Answers
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.merge import Report, Round, Scope, items_to_ask
from sphinx_snapshots.refstatus.refresh.merge import merge, records_cited_nowhere, summarize
from sphinx_snapshots.refstatus.snapshot import CommitRecord, IssueRecord, PullRecord, read, render
from used_memory import most_used


def answer(key):
    reference, title, day = Reference.from_key(key), "New title " + 50 * "x", date(2020, 5, 5)
    if reference.commit:
        return CommitRecord(key, title=title, committed=day)
    kind = IssueRecord if reference.number % 2 else PullRecord
    return kind(key, "closed", title=title, opened=day, closed=day)


path = Path(sys.argv[1])
start, least = time.process_time(), most_used()
before = read(path)
roots = list(map(Reference.from_key, before.records))
round = Round()
round.ask(items_to_ask(before, roots, Scope.ALL))
waiting = list(round.waiting)
for i in range(0, len(waiting), 50):
    round.add(Answers({key: answer(key) for key in waiting[i : i + 50]}, {}))
header, records, changes = merge(before, round.records, today=date(2026, 11, 29), is_whole=True)
path.write_bytes(render(header, records))
summarize(Report(changes, round.unanswered, [], records_cited_nowhere(before, roots)))
seconds, kilobytes = time.process_time() - start, most_used() - least
json.dump([len(changes), len(round.waiting), kilobytes, seconds], sys.stdout)
"""


@pytest.mark.slow
def test_ten_thousand_items_take_50_mb_and_some_seconds(tmp_path: Path) -> None:
    path = tmp_path / "references.jsonl"
    issues = (IssueRecord(f"o/r#{n}", "open", title="x" * 60) for n in range(1, 5_001))
    commits = (CommitRecord(f"o/r@{n:040x}", title="x" * 60) for n in range(1, 5_001))
    path.write_bytes(render(Header(1, DAY, SOURCE), by_key(*issues, *commits)))
    done = subprocess.run(
        [sys.executable, "-c", MANY, path],
        # Without coverage, which costs more than what it looks at.
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    changes, waiting, kilobytes, seconds = json.loads(done.stdout)
    assert (changes, waiting) == (10_000, 0)
    assert 0 < kilobytes <= 50_000
    assert seconds < 5
