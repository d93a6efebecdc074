"""What a probe is, and what running it can show. No Sphinx, no files, no processes."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from packaging import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

#: Kebab-case: words of lower-case letters and digits, joined by hyphens.
ID_PATTERN: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
SERIES_PATTERN: Final = r"3\.(?:[89]|[1-9][0-9])"
DIGEST_PATTERN: Final = r"[0-9a-f]{16}"
DEBUG: Final = "debug"  # of a debug build, as a local version label of PEP 440
VERSION_PATTERN: Final = (
    rf"{SERIES_PATTERN}\.(?:0|[1-9][0-9]?)(?:(?:a|b|rc)[0-9]{{1,2}})?(?:\+{DEBUG})?"
)

LONGEST_VALUE: Final = 60  # characters of a `works` detail, which a cell of a table shows
LONGEST_DETAIL: Final = 300

ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]{4,}")


# :mod:`.tables` has the words that readers see.
class Outcome(StrEnum):
    """What happened."""

    WORKS = "works"
    RAISES = "raises"
    CRASHES = "crashes"  # a signal ends the process
    HANGS = "hangs"
    ABSENT = "absent"  # this series has no such thing


class Language(StrEnum):
    """What a probe is written in; the value is the suffix of its file."""

    PYTHON = "py"
    C = "c"


class Series(NamedTuple):
    """A feature release with its maintenance releases: ordered by number, prints as ``3.14``."""

    major: int
    minor: int

    @classmethod
    def from_text(cls, text: str) -> Series:
        """Inverse of ``str(series)``.

        :raises ValueError: ``text`` is not a series of 3.8 or newer.
        """
        if re.fullmatch(SERIES_PATTERN, text) is None:
            raise ValueError(f"{text!r} is not a series of CPython; write it like 3.12")
        return cls(*map(int, text.split(".")))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


def name_series(
    chosen: Iterable[Series],
    series: Sequence[Series],
    span: str = "%(first)s to %(last)s",
    last_two: str = "%(before)s and %(last)s",
) -> str:
    """``"3.8, 3.10 to 3.12 and 3.15"`` for some of ``series``, which say what is a neighbor.

    :param span: the words for neighbors.
    :param last_two: the words between the last part and those before it.
    """
    kept = set(chosen)
    runs = [list(run) for is_in, run in groupby(series, key=kept.__contains__) if is_in]
    names = [
        str(run[0]) if len(run) == 1 else span % {"first": run[0], "last": run[-1]} for run in runs
    ]
    if len(names) < 2:
        return "".join(names)
    return last_two % {"before": ", ".join(names[:-1]), "last": names[-1]}


class Version(version.Version):
    """An exact version: ordered as released, prints as ``3.14.10`` or ``3.15.0rc1``.

    A debug build of it comes after it, and prints as ``3.14.10+debug``.
    """

    def __init__(self, text: str) -> None:
        """Inverse of ``str(version)``.

        :raises ValueError: ``text`` is not a version of 3.8 or newer.
        """
        if re.fullmatch(VERSION_PATTERN, text) is None:
            raise ValueError(f"{text!r} is not a version of CPython; write it like 3.14.2")
        super().__init__(text)

    @cached_property
    def series(self) -> Series:
        """The series that it belongs to."""
        return Series(self.major, self.minor)

    @property
    def is_debug(self) -> bool:
        """Whether it is a debug build, which counts references and has assertions."""
        return self.local == DEBUG


class Probe(NamedTuple):
    """A small program that shows one behavior.

    :param id: its file's stem, unique over all subjects.
    :param subject: the folder that it is in.
    :param claim: one sentence in rST: what happens, and on which versions if that differs.
    :param details: more of it in rST, many lines or none.
    :param program: the source without the comment that holds claim and details.
    :param since: the first series that has what the program needs.
    :param series: the only series that it says something about; empty for all.
    :param digest: of all that decides what it shows but the interpreter: the program, what it says
        of series, and the support files that it uses. 16 hexadecimal digits.
    """

    id: str
    subject: str
    path: Path
    language: Language
    claim: str
    details: str = ""
    program: str = ""
    since: Series = Series(3, 8)
    series: tuple[Series, ...] = ()
    digest: str = ""

    def reason_not_to_run(self, series: Series) -> str | None:
        """Why the program says nothing about a series, in a few words; None if it does."""
        if series < self.since:
            return f"new in {self.since}"
        if self.series and series not in self.series:
            return f"shown on {', '.join(map(str, self.series))} only"
        return None


class Observation(NamedTuple):
    """What one run showed.

    :param detail: one line: the value seen, the exception and its message, the signal.
    """

    outcome: Outcome
    detail: str

    def complaint(self) -> str | None:
        """What makes the detail unfit to be kept and shown, as a sentence without its end."""
        longest = LONGEST_VALUE if self.outcome is Outcome.WORKS else LONGEST_DETAIL
        if not self.detail:
            return "the detail is empty"
        if not self.detail.isprintable() or self.detail != self.detail.strip():
            return "the detail must be one line of printable characters"
        if len(self.detail) > longest:
            return f"the detail has more than {longest} characters"
        if ADDRESS.search(self.detail):
            return "the detail holds an address"
        return None

    def __str__(self) -> str:
        return f"{self.outcome}: {self.detail}"
