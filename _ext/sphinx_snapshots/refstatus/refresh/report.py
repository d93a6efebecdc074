"""What a refresh tells: how far it is, what has changed, what was not answered."""

from __future__ import annotations

import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ..model import code_span, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .merge import Change

#: Room for what GitHub says, with an address to follow at its end.
LONGEST_LINE: Final = 1_000
#: GitHub refuses the text of a pull request beyond 65,536 characters.
_LONGEST_SUMMARY: Final = 60_000


def tell(text: str, end: str = "\n") -> None:
    """Print to standard error, if anybody is there to read it: no reason to lose what was found."""
    with suppress(OSError):
        sys.stderr.write(f"{text}{end}")
        sys.stderr.flush()


def tell_progress(done: int, total: int, text: str = "") -> None:
    """Say how far it is: on a terminal in a line that moves, elsewhere in a line each time.

    :param text: what else there is to say, whatever characters it holds: in a line above the count
        that moves, or instead of it.
    """
    count, line = f"{done} of {total} items", one_line(text, LONGEST_LINE)
    if sys.stderr.isatty():
        tell(f"\r\x1b[K{line}\n{count}" if line else f"\r\x1b[K{count}", end="")
    else:
        tell(line or count)


def describe_unanswered(unanswered: Mapping[str, str]) -> Iterator[str]:
    """The keys without an answer, by reason, in lines for a person."""
    by_reason: dict[str, list[str]] = {}
    for key, reason in unanswered.items():
        by_reason.setdefault(reason, []).append(key)
    lines = textwrap.TextWrapper(
        100,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    for reason, keys in by_reason.items():
        yield f"{len(keys)} not answered ({one_line(reason, LONGEST_LINE)}):"
        yield lines.fill(" ".join(keys))


def summarize(
    changes: Iterable[Change],
    unanswered: Mapping[str, str],
    stops: Iterable[str],
    cited: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> str:
    """What a refresh changed, in Markdown, for the text of a pull request.

    Keys and titles stand in code spans: there no markup works, no one is notified by an ``@name``,
    and no item learns that it was named here.

    :param unanswered: by key: why there is no answer, a sentence each.
    :param stops: why not everything was asked for, a sentence each.
    :param cited: by key: the sentences that cite an item, each behind its place.
    """
    changed = []
    changes = list(changes)
    for key, what, title in changes:
        spans = [code_span(what)]
        if title is not None and one_line(title) not in what:
            spans.append(code_span(title))
        changed.append(f"- {code_span(key)}: {', '.join(spans)}")
        for place, sentence in (cited or {}).get(key, ()):
            changed.append(f"  - {code_span(place)}: {code_span(sentence)}")
    refused = [f"- {code_span(key)}: {code_span(why)}" for key, why in unanswered.items()]
    lines = [f"**Stopped early:** {code_span(stop)}\n" for stop in stops]
    parts = (
        ("Changed", changed, len(changes)),
        ("Not answered; the old records stay", refused, len(refused)),
    )
    for heading, entries, count in parts:
        if entries:
            lines += [f"## {heading} ({count})", "", *entries, ""]
    text = "\n".join(lines or ["Nothing has changed."]).rstrip("\n") + "\n"
    if len(text) <= _LONGEST_SUMMARY:
        return text
    kept = text[:_LONGEST_SUMMARY].rpartition("\n")[0]
    more = len(text.splitlines()) - len(kept.splitlines())
    return f"{kept}\n\n… and {more} more lines: see the diff.\n"
