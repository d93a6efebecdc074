"""The committed file that says what each probe showed: read, look up, merge, write.

One JSON object a line, UTF-8, LF. The first line is the header; every other line is of one probe
and one exact version, sorted by both, and has the digest of the program that was run. Lines are
only added or replaced, so that a new maintenance release leaves what older ones showed.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import msgspec

from ..kit.files import FileError, LineError, decode_line, locked, read_bytes, replace_file
from .model import DIGEST_PATTERN, ID_PATTERN, VERSION_PATTERN, Observation, Outcome, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from .model import Series

FORMAT: Final = 2
_AFTER_CONFLICT: Final = "take one side, then: make probe"


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First line. A reader refuses a number that it does not know."""

    format: int


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every other line."""

    probe: Annotated[str, msgspec.Meta(pattern=rf"^{ID_PATTERN}\Z")]
    version: Annotated[str, msgspec.Meta(pattern=rf"^{VERSION_PATTERN}\Z")]
    outcome: Outcome
    detail: str
    digest: Annotated[str, msgspec.Meta(pattern=rf"^{DIGEST_PATTERN}\Z")]


_header_decoder: Final = msgspec.json.Decoder(_Header)
_line_decoder: Final = msgspec.json.Decoder(_Line)
# There are thousands of lines, of few versions.
_version: Final = functools.cache(Version)


class Run(NamedTuple):
    """What a probe showed on one exact version, and the digest of the program that was run."""

    observation: Observation
    digest: str


class Span(NamedTuple):
    """Versions of one series, next to each other, that showed the same.

    :param first: the oldest; None for the first span of a series, which every older one is in.
    :param last: the newest.
    """

    first: Version | None
    last: Version
    observation: Observation


@dataclass(frozen=True)
class Results:
    """What is known: runs by probe and exact version."""

    runs: Mapping[str, Mapping[Version, Run]] = field(default_factory=dict)
    # What was asked for already: a table asks for what a mark on its page has asked for.
    _rows: dict[str, Mapping[Series, tuple[Span, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, probe: str) -> Mapping[Series, tuple[Span, ...]]:
        """What release builds of each series showed, oldest first; empty without results."""
        if probe not in self._rows:
            self._rows[probe] = self._row(probe)
        return self._rows[probe]

    def _row(self, probe: str) -> dict[Series, tuple[Span, ...]]:
        row: dict[Series, tuple[Span, ...]] = {}
        known = self.runs.get(probe, {})
        runs = sorted(
            (version, run.observation) for version, run in known.items() if not version.is_debug
        )
        for (series, seen), group in groupby(runs, key=lambda run: (run[0].series, run[1])):
            versions = [version for version, _ in group]
            before = row.get(series, ())
            row[series] = (*before, Span(versions[0] if before else None, versions[-1], seen))
        return row

    def of_debug_builds(self, probe: str) -> dict[Version, Observation | None]:
        """What debug builds showed, oldest first; None where their release build does so, too."""
        known = {version: run.observation for version, run in self.runs.get(probe, {}).items()}
        return {
            version: None if known.get(_version(version.public)) == seen else seen
            for version, seen in sorted(known.items())
            if version.is_debug
        }

    def stale(self, probe: str, digest: str) -> list[Version]:
        """The versions on which another program than that of ``digest`` was run, oldest first."""
        known = self.runs.get(probe, {})
        return sorted(version for version, run in known.items() if run.digest != digest)

    def lines(self) -> Iterator[tuple[str, Version, Run]]:
        """Probe, version and what it showed there, sorted as in the file."""
        for probe, row in sorted(self.runs.items()):
            for version, run in sorted(row.items()):
                yield probe, version, run

    def merge(self, news: Results) -> Results:
        """These results and ``news``, which count where both know of a probe and version."""
        added = {probe: {**self.runs.get(probe, {}), **row} for probe, row in news.runs.items()}
        return Results({**self.runs, **added})


def read(path: Path) -> Results:
    """The results in the file ``path``; none if there is no such file.

    :raises FileError: the file cannot be read, or a line is not what it must be.
    """
    return parse(read_bytes(path), str(path)) if path.exists() else Results()


def parse(content: bytes, name: str) -> Results:
    """The results whose bytes are ``content``. The order of the lines does not matter.

    :param name: what error messages call the file.
    :raises FileError: a line is not what it must be.
    """
    lines = enumerate(io.BytesIO(content), 1)
    number, first = next(lines, (1, b""))
    runs: dict[str, dict[Version, Run]] = {}
    try:
        header = decode_line(first, _header_decoder, _AFTER_CONFLICT)
        if header.format != FORMAT:
            raise FileError(f"{name}:1: format {header.format}, but this reads format {FORMAT}")
        for number, text in lines:  # noqa: B007  the message below has it
            line = decode_line(text, _line_decoder, _AFTER_CONFLICT)
            run = Run(Observation(line.outcome, line.detail), line.digest)
            if complaint := run.observation.complaint():
                raise LineError(f"field `detail`: {complaint}")
            row = runs.setdefault(line.probe, {})
            if row.setdefault(_version(line.version), run) is not run:
                second = f"a second line for {line.probe} on {line.version}"
                raise LineError(f"{second}; delete one, then: make probe")
    except LineError as error:
        what = "the first line must be the header: " if number == 1 else ""
        raise FileError(f"{name}:{number}: {what}{error}") from error
    return Results(runs)


def render(results: Results) -> bytes:
    """The bytes of a tidy file: equal results give equal bytes."""
    lines = [
        _Line(probe, str(version), *run.observation, run.digest)
        for probe, version, run in results.lines()
    ]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in (_Header(FORMAT), *lines))


def update(path: Path, change: Callable[[Results], Results]) -> None:
    """Replace the file ``path`` as a whole by what ``change`` makes of it.

    A second writer waits for the first. A file that is right already is not touched.

    :raises FileError: what is there cannot be used.
    :raises OSError: no room, no permission.
    """
    with locked(path):
        replace_file(path, render(change(read(path))))
