"""What a refresh tells: how far it is, and the summary for a reviewer."""

from __future__ import annotations

import sys
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sphinx_snapshots.refstatus.refresh.merge import Change
from sphinx_snapshots.refstatus.refresh.report import describe_unanswered, summarize, tell_progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_one_line_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    tell_progress(50, 120)
    tell_progress(50, 120, "waiting\x1b[2J 3 seconds")
    tell_progress(120, 120)
    assert stream.getvalue() == (
        "\r\x1b[K50 of 120 items"
        "\r\x1b[Kwaiting[2J 3 seconds\n50 of 120 items"
        "\r\x1b[K120 of 120 items"
    )


def test_progress_elsewhere_is_one_line_a_portion(capsys: pytest.CaptureFixture[str]) -> None:
    tell_progress(0, 120, "hello")
    tell_progress(50, 120)
    assert capsys.readouterr() == ("", "hello\n50 of 120 items\n")


def test_what_was_not_answered_is_listed_by_reason() -> None:
    reasons = {"o/r#1": "no\x1b luck", "o/r#3": "gone", "o/r#2": "gone"}
    assert list(describe_unanswered(reasons)) == [
        "1 not answered (no luck):",
        "    o/r#1",
        "2 not answered (gone):",
        "    o/r#3 o/r#2",
    ]


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
    change = Change("o/r#1", "open -> completed", title)
    assert_is_harmless(summarize([change], {"o/r#2": title}, [title]))


@settings(max_examples=50)
@given(st.text())
def test_no_title_breaks_out_of_the_summary(title: str) -> None:
    assert_is_harmless(summarize([Change("o/r#1", "new, open", title)], {}, []))


MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


def assert_is_harmless(summary: str) -> None:
    """Outside of code spans there are only the words of the summary itself."""
    tokens = MARKDOWN.parse(summary)
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {"heading", "bullet_list", "list_item", "paragraph", "inline"}
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {
        "code_inline", "text", "strong_open", "strong_close", "softbreak",
    }  # fmt: skip
    outside = "".join(child.content for child in children if child.type == "text")
    assert not set(outside) - set("abcdefghijklmnopqrstuvwxyzCNS ;,:()0123456789")


def test_a_summary_says_all_that_a_reviewer_must_know() -> None:
    change = Change("o/r#1", "open -> completed", "A `title`")
    assert summarize([change], {"o/r#2": "forbidden"}, ["the limit is used up"]) == (
        "**Stopped early:** `the limit is used up`\n"
        "\n"
        "## Changed (1)\n"
        "\n"
        "- `o/r#1`: `open -> completed`, `` A `title` ``\n"
        "\n"
        "## Not answered; the old records stay (1)\n"
        "\n"
        "- `o/r#2`: `forbidden`\n"
    )
    assert summarize([], {}, []) == "Nothing has changed.\n"


def test_a_title_that_changed_stands_in_the_summary_once() -> None:
    change = Change("o/r#1", 'title "One" -> "Uno"', "Uno")
    assert summarize([change], {}, []).endswith('- `o/r#1`: `title "One" -> "Uno"`\n')


def test_a_long_summary_is_cut_between_lines_and_says_so() -> None:
    many = [Change(f"o/r#{n}", "new, open", "x" * 150) for n in range(1, 1001)]
    summary = summarize(many, {}, [])
    assert len(summary) < 65_536
    *_, last, gap, end = summary.splitlines()
    assert (last[-3:], gap) == ("xx`", "")
    shown = summary.count("new, open")
    assert end == f"… and {1000 - shown} more lines: see the diff."
