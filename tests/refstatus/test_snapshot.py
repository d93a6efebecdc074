"""The snapshot file: what is read, what is refused and how that is said, how it is written."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sphinx_snapshots.kit.files import FileError
from sphinx_snapshots.refstatus.model import Reference, State, Status, one_line, without_code
from sphinx_snapshots.refstatus.snapshot import (
    BpoRecord,
    CommitRecord,
    Header,
    IssueRecord,
    MovedRecord,
    PullRecord,
    Record,
    Snapshot,
    parse,
    read,
    render,
)
from sphinx_snapshots.refstatus.words import Wording

DAY = date(2026, 11, 22)
HEADER = Header(format=1, refreshed=DAY, source="tests")
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
HEADER_LINE = b'{"kind":"header","format":1,"refreshed":"2026-11-22","source":"tests"}\n'


def snapshot_of(*records: Record) -> Snapshot:
    return parse(render(HEADER, {record.key: record for record in records}), "test.jsonl")


def test_a_bpo_item_has_the_status_of_the_issue_it_became() -> None:
    snapshot = snapshot_of(
        BpoRecord("bpo-40512", github="python/cpython#84692"),
        IssueRecord("python/cpython#84692", state="closed", reason="completed", title="T"),
    )
    assert snapshot.status(Reference.bpo(40512)) == Status(
        Reference.github("python/cpython", 84692), State.COMPLETED, "T", is_pull=False, as_of=DAY
    )


def test_a_moved_item_is_shown_as_its_new_self_and_a_circle_ends() -> None:
    snapshot = snapshot_of(
        MovedRecord("o/r#1", to="o/r#2"),
        MovedRecord("o/r#2", to="o/r#1"),
        MovedRecord("o/r#3", to="o/r#4"),
        IssueRecord("o/r#4", state="open"),
    )
    assert snapshot.status(Reference.github("o/r", 3)).state is State.OPEN
    assert snapshot.status(Reference.github("o/r", 3)).reference == Reference.github("o/r", 4)
    assert snapshot.status(Reference.github("o/r", 1)).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        (Reference.bpo(1), "not in the snapshot yet"),
        (Reference.bpo(2), "never moved to GitHub"),
        (Reference.bpo(3), "not in the snapshot yet"),
        (Reference.github("o/r", 1), "moved in a circle"),
        (Reference.github("o/r", 2), "moved in a circle"),
        (Reference.bpo(4), "moved in a circle"),
        (Reference.github("o/r", 3), "moved in a circle"),
    ],
    ids=str,
)
def test_what_is_unknown_says_why(reference: Reference, why: str) -> None:
    snapshot = snapshot_of(
        BpoRecord("bpo-2"),
        BpoRecord("bpo-3", github="o/r#99"),
        BpoRecord("bpo-4", github="o/r#1"),
        MovedRecord("o/r#1", to="o/r#2"),
        MovedRecord("o/r#2", to="o/r#1"),
        MovedRecord("o/r#3", to="o/r#3"),
    )
    badge = Wording("en").badge(snapshot.status(reference))
    assert badge.words == "unknown"
    assert badge.description == f"unknown, {why} (as of 2026-11-22)"


def test_a_commit_is_found_by_a_part_that_fits_one_only() -> None:
    other = "5d38517aa" + "0" * 31
    snapshot = snapshot_of(
        CommitRecord(f"o/r@{SHA}", title="one"), CommitRecord(f"o/r@{other}", title="two")
    )
    assert snapshot.status(Reference.github_commit("o/r", SHA[:12])).title == "one"
    assert snapshot.status(Reference.github_commit("o/r", "5d38517")).state is State.UNKNOWN
    assert snapshot.status(Reference.github_commit("o/x", SHA)).state is State.UNKNOWN


def test_what_was_taken_back_says_so() -> None:
    pull = PullRecord("o/r#1", state="merged", first_release="3.10.0a4", reverted_by="o/r#2")
    badge = Wording("en").badge(snapshot_of(pull).status(Reference.github("o/r", 1)))
    assert badge.words == "merged, reverted"
    assert badge.description == "merged, reverted, first in 3.10.0a4 (as of 2026-11-22)"


def test_a_record_may_be_older_than_the_file() -> None:
    old = IssueRecord("o/r#1", state="open", as_of=date(2025, 1, 2))
    assert snapshot_of(old).status(Reference.github("o/r", 1)).as_of == date(2025, 1, 2)


def test_equal_content_gives_equal_bytes_sorted_by_number() -> None:
    records = [IssueRecord(f"o/r#{n}", state="open") for n in (100, 99, 7)]
    content = render(HEADER, {record.key: record for record in records})
    assert render(HEADER, parse(content, "x").records) == content
    assert [line.split(b'"key":"')[1][:7] for line in content.splitlines()[1:]] == [
        b'o/r#7",',
        b'o/r#99"',
        b"o/r#100",
    ]
    assert content.endswith(b"\n")


def test_a_file_merged_by_union_loads_with_remarks() -> None:
    content = (
        HEADER_LINE.replace(b"-22", b"-29")
        + HEADER_LINE
        + b'{"kind":"issue","key":"o/r#2","state":"open"}\n'
        + b'{"kind":"issue","key":"o/r#1","state":"open"}\n'
        + b'{"kind":"issue","key":"o/r#2","state":"closed"}\n'
    )
    snapshot = parse(content, "x.jsonl")
    assert snapshot.header is not None
    assert snapshot.header.refreshed == date(2026, 11, 29)
    assert snapshot.status(Reference.github("o/r", 2)).state is State.CLOSED
    assert snapshot.remarks == (
        "x.jsonl:2: another header; the later one counts",
        "x.jsonl:5: o/r#2 has an earlier record; this one counts",
        "x.jsonl: the lines are not sorted",
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"nonsense", "x.jsonl:2: "),
        (b"\xff\xfe", "x.jsonl:2: "),
        (b"[" * 100_000, "x.jsonl:2: "),
        (b"<<<<<<< HEAD", "x.jsonl:2: a conflict that git left"),
        (b'{"kind":"issue","key":"o/r#1"}', "missing required field `state`"),
        (b'{"kind":"issue","key":"o/r#1","state":"merged"}', "Invalid enum value 'merged'"),
        (b'{"kind":"issue","key":"o/r#1","state":"open","x":1}', "unknown field `x`"),
        (b'{"kind":"issue","key":"o/r#1","state":"open","opened":"soon"}', "$.opened"),
        (b'{"kind":"issue","key":"o/r#01","state":"open"}', "field `key`"),
        (b'{"kind":"issue","key":"O/R#1","state":"open"}', "write 'O/R#1' as 'o/r#1'"),
        (b'{"kind":"issue","key":"bpo-1","state":"open"}', "does not fit"),
        (b'{"kind":"commit","key":"o/r#1"}', "does not fit"),
        (b'{"kind":"bpo","key":"o/r#1"}', "does not fit"),
        (b'{"kind":"bpo","key":"bpo-1","github":"bpo-2"}', "field `github`: 'bpo-2' does not fit"),
        (b'{"kind":"commit","key":"o/r@1234567","first_release":"soon"}', "$.first_release"),
        (b'{"kind":"commit","key":"o/r@1234567","first_release":"3.9.0\\n"}', "$.first_release"),
        (b'{"kind":"commit","key":"o/r@1234567","reverted_by":"x"}', "field `reverted_by`"),
        (b'{"kind":"header","format":2,"refreshed":"2026-11-22","source":"x"}', "format 2"),
        (b'{"kind":"other","key":"o/r#1"}', "$.kind"),
        (b'{"kind":"\\u001b[2J","key":"o/r#1"}', r"Invalid value '\x1b[2J'"),
        (
            b'{"kind":"issue","key":"o/r#1","state":"open","\\u202e\\n\\u009b31m":1}',
            r"unknown field `\u202e\n\x9b31m`",
        ),
        (b'{"kind":"issue","key":"\\u001b[2J","state":"open"}', r"'\x1b[2J' is not a key"),
        (
            b'{"kind":"issue","key":"o/r#1","state":"open","' + b"x" * 100_000 + b'":1}',
            "unknown field `xxx",
        ),
    ],
)
def test_a_bad_line_is_refused_with_file_line_and_field(line: bytes, message: str) -> None:
    with pytest.raises(FileError) as caught:
        parse(HEADER_LINE + line + b"\n", "x.jsonl")
    assert str(caught.value).startswith("x.jsonl:2: ")
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b'{"kind":"issue","key":"o/r#1","state":"open"}\n']
)
def test_a_file_without_header_is_refused(content: bytes) -> None:
    with pytest.raises(FileError, match=r"^x\.jsonl:1: the first line must be the header"):
        parse(content, "x.jsonl")


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: Is a directory"):
        read(tmp_path)


@given(st.binary())
def test_any_bytes_are_records_or_an_error_that_says_where(content: bytes) -> None:
    for whole in (content, HEADER_LINE + content):
        try:
            snapshot = parse(whole, "x.jsonl")
        except FileError as error:
            assert str(error).startswith("x.jsonl:")  # noqa: PT017  success is right as well
            assert str(error).isprintable()  # noqa: PT017  success is right as well
        else:
            assert snapshot.header is not None


# A line of each kind, with every field.
LINES = b"""\
{"kind":"bpo","key":"bpo-1","github":"o/r#1","as_of":"2026-01-02"}
{"kind":"commit","key":"o/r@1234567","title":"T","committed":"2020-02-18",\
"first_release":"3.9.0a4","reverted_by":"o/r#2","as_of":"2026-01-02"}
{"kind":"issue","key":"o/r#1","state":"closed","reason":"not planned","title":"T",\
"opened":"2020-05-05","closed":"2020-05-06","as_of":"2026-01-02"}
{"kind":"pull","key":"o/r#2","state":"merged","title":"\\u202eT","opened":"2020-05-05",\
"closed":"2020-05-06","first_release":"3.10.0","reverted_by":"o/r@1234567"}
{"kind":"moved","key":"o/r#3","to":"o/r#4","title":"T","as_of":"2026-01-02"}
{"kind":"moved","key":"o/r#4","to":"o/r#3"}
{"kind":"missing","key":"o/r#5","title":"T","as_of":"2026-01-02"}
""".splitlines(keepends=True)
# What stands in such lines, and what else could.
PIECES = [
    *(b'"bpo-1"', b'"o/r#1"', b'"o/r#2"', b'"O/R#1"', b'"o/r@1234567"', b'"o/r@12345678"', b'"x"'),
    *(b'"open"', b'"merged"', b'"2020-02-30"', b'"0001-01-01"', b'"3.9"', b'""', b"null", b"1e9"),
    *(
        b"[]",
        b"{}",
        b'"\\ud800"',
        b'"\\u0000"',
        b'"\xff"',
        b'"kind"',
        b'"title"',
        b'"state"',
        b"true",
    ),
]


@st.composite
def changed_files(draw: st.DrawFn) -> bytes:
    """A good file in which lines or values were exchanged, or some bytes are others."""
    lines = draw(st.lists(st.sampled_from([HEADER_LINE, *LINES]), max_size=6))
    content = HEADER_LINE + b"".join(lines)
    for _ in range(draw(st.integers(0, 3))):
        values = list(re.finditer(rb'"[^"]*"', content))
        if draw(st.booleans()) and values:
            start, end = draw(st.sampled_from(values)).span()
            put = draw(st.sampled_from(PIECES))
        else:
            start = draw(st.integers(0, len(content)))
            end = start + draw(st.integers(0, 3))
            put = draw(st.binary(max_size=3))
        content = content[:start] + put + content[end:]
    return content


@given(changed_files())
@example(HEADER_LINE + b"".join(LINES))
@example(HEADER_LINE + b"".join(LINES).replace(b'"reverted_by":"o/r#2"', b'"reverted_by":"x"'))
@settings(max_examples=150)
def test_what_loads_can_be_shown_and_written(content: bytes) -> None:
    try:
        snapshot = parse(content, "x.jsonl")
    except FileError as error:
        assert re.match(r"x\.jsonl:\d+: ", str(error))  # noqa: PT017  success is right as well
        return
    assert snapshot.header is not None
    for key in snapshot.records:
        badge = Wording("en").badge(snapshot.status_of(key))
        assert badge.description.isprintable()
        assert badge.words in badge.description
    again = parse(render(snapshot.header, snapshot.records), "x.jsonl")
    assert (again.header, again.records, again.remarks) == (
        snapshot.header,
        snapshot.records,
        (),
    )


titles = st.none() | st.text(max_size=30)
days = st.none() | st.dates()


@given(
    st.lists(
        st.one_of(
            st.builds(
                IssueRecord,
                st.integers(1, 999).map("o/r#{}".format),
                state=st.sampled_from(["open", "closed"]),
                title=titles,
                opened=days,
                closed=days,
            ),
            st.builds(
                CommitRecord,
                st.text("0123456789abcdef", min_size=40, max_size=40).map("o/r@{}".format),
                title=titles,
                committed=days,
            ),
        ),
        unique_by=lambda record: record.key,
    )
)
def test_what_is_written_is_what_is_read(records: list[IssueRecord | CommitRecord]) -> None:
    content = render(HEADER, {record.key: record for record in records})
    snapshot = parse(content, "x")
    assert snapshot.records == {record.key: record for record in records}
    assert snapshot.remarks == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        (" two\n\tlines\r\n", "two lines"),
        ("\u202eright to left\u202c", "right to left"),
        ("bell\x07 null\x00", "bell null"),
        ("zero\u200bwidth", "zerowidth"),
        ("x" * 300, "x" * 199 + "…"),
        ("\n" * 10_000_000, ""),
    ],
)
def test_titles_become_one_harmless_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("`a.b` and ``c`d``", "a.b and c`d"),
        ("one ` alone", "one ` alone"),
        ("`` two ` three", "`` two ` three"),
        ("no code", "no code"),
    ],
)
def test_back_ticks_around_code_are_no_part_of_a_title(title: str, plain: str) -> None:
    assert without_code(title) == plain
