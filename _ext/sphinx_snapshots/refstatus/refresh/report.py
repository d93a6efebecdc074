"""What a refresh tells: how far it is, what has changed, what was not answered."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final

from ..model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TextIO

    from .merge import Change

_ERASE_LINE: Final = "\r\x1b[K"
_LONGEST_LINE: Final = 500
_WIDTH: Final = 100


class Progress:
    """Counts on a terminal in one line that moves, elsewhere in a line a portion.

    :param stream: where to. When nobody takes its lines any more, there are none.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._moves = stream.isatty()
        self._line = ""
        self._is_closed = False

    def count(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` items are settled."""
        self._line = f"{done} of {total} items"
        self._write(f"{_ERASE_LINE}{self._line}" if self._moves else f"{self._line}\n")

    def announce(self, text: str) -> None:
        """Say something in a line of its own, whatever characters it holds."""
        moving = self._line if self._moves else ""
        self._write(f"{_ERASE_LINE if moving else ''}{one_line(text, _LONGEST_LINE)}\n{moving}")

    def finish(self) -> None:
        """Let the line that moves stand."""
        if self._moves and self._line:
            self._write("\n")
        self._line = ""

    def _write(self, text: str) -> None:
        if self._is_closed:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            # The reader has gone, or the terminal. That is no reason to lose what was found.
            self._is_closed = True


def describe_unanswered(unanswered: Mapping[str, str]) -> Iterator[str]:
    """The keys without an answer, by reason, in lines for a person."""
    by_reason: dict[str, list[str]] = {}
    for key, reason in unanswered.items():
        by_reason.setdefault(reason, []).append(key)
    for reason, keys in by_reason.items():
        yield f"{len(keys)} not answered ({one_line(reason, 500)}):"
        yield textwrap.fill(
            " ".join(keys),
            _WIDTH,
            initial_indent="    ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )


#: GitHub refuses the text of a pull request beyond 65,536 characters.
_LONGEST_SUMMARY: Final = 60_000
_LONGEST_SPAN: Final = 1_000


def summarize(
    changes: Iterable[Change], unanswered: Mapping[str, str], stops: Iterable[str]
) -> str:
    """What a refresh changed, in Markdown, for the text of a pull request.

    Keys and titles stand in code spans: there no markup works, no one is notified by an ``@name``,
    and no item learns that it was named here.

    :param unanswered: by key: why there is no answer, a sentence each.
    :param stops: why not everything was asked for, a sentence each.
    """
    lines = [f"**Stopped early:** {code_span(stop)}\n" for stop in stops]
    lines += _section("Changed", [_change_line(change) for change in changes])
    refusals = [f"- {code_span(key)}: {code_span(why)}" for key, why in unanswered.items()]
    lines += _section("Not answered; the old records stay", refusals)
    return _cut(lines or ["Nothing has changed."])


def _section(heading: str, lines: list[str]) -> list[str]:
    return [f"## {heading} ({len(lines)})", "", *lines, ""] if lines else []


def _change_line(change: Change) -> str:
    is_told = change.title is None or one_line(change.title) in change.what
    title = "" if is_told else f", {code_span(change.title or '')}"
    return f"- {code_span(change.key)}: {code_span(change.what)}{title}"


def code_span(text: str) -> str:
    """``text`` on one line as a Markdown code span, whatever stands in it."""
    line = one_line(text, _LONGEST_SPAN) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    # A space that is next to the fence on both sides does not count.
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def _cut(lines: list[str]) -> str:
    text = "\n".join(lines).rstrip("\n") + "\n"
    if len(text) <= _LONGEST_SUMMARY:
        return text
    kept = text[:_LONGEST_SUMMARY].rpartition("\n")[0]
    more = len(text.splitlines()) - len(kept.splitlines())
    return f"{kept}\n\n… and {more} more lines: see the diff.\n"
