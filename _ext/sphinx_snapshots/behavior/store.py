"""The committed file that says what each probe showed: read, look up, merge, compare, write.

One JSON object a line, UTF-8, LF. The first line is the header; every other line is of one probe
and series, sorted by both, and names the newest exact version that showed it. Where maintenance
releases of a series differ, each later line of the pair has ``from``: the oldest version that
showed it. What changed between two versions that were run is not known more exactly than that.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeVar

import msgspec

from ..kit.files import LineError, decode_line, replace_file
from .model import (
    ID_PATTERN,
    SERIES_PATTERN,
    VERSION_PATTERN,
    Observation,
    Outcome,
    Result,
    Series,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from msgspec.json import Decoder

__all__ = [
    "FORMAT",
    "Results",
    "Span",
    "StoreError",
    "parse",
    "read",
    "read_all",
    "render",
    "update",
]

FORMAT: Final = 1

_Id = Annotated[str, msgspec.Meta(pattern=rf"^{ID_PATTERN}\Z")]
_Series = Annotated[str, msgspec.Meta(pattern=rf"^{SERIES_PATTERN}\Z")]
_Version = Annotated[str, msgspec.Meta(pattern=rf"^{VERSION_PATTERN}\Z")]
_T = TypeVar("_T")


class StoreError(ValueError):
    """The file cannot be used. The message names the file, the line and what is wrong."""


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First line. A reader refuses a number that it does not know."""

    format: int


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Every other line. ``first`` is absent in the first line of a probe and series."""

    probe: _Id
    series: _Series
    version: _Version
    outcome: Outcome
    detail: str
    first: _Version | None = msgspec.field(name="from", default=None)


_header_decoder: Final = msgspec.json.Decoder(_Header)
_line_decoder: Final = msgspec.json.Decoder(_Line)


class Span(NamedTuple):
    """Versions of one series that showed the same.

    :param first: the oldest; None for the first span of a series, which every older one is in.
    :param last: the newest.
    """

    first: Version | None
    last: Version
    observation: Observation


@dataclass(frozen=True)
class Results:
    """What is known.

    :param spans: by probe and series; of each series at least one, in the order of versions.
    """

    spans: Mapping[str, Mapping[Series, tuple[Span, ...]]] = field(default_factory=dict)

    def of(self, probe: str) -> Mapping[Series, tuple[Span, ...]]:
        """What a probe showed on each series; empty for one without results."""
        return self.spans.get(probe, {})

    def expected(self, probe: str, version: Version) -> tuple[Observation, ...]:
        """What a version may show: one thing; two where it changed about then; none: not known.

        A version newer than all that were run is expected to show what the newest did.
        """
        spans = self.of(probe).get(version.series, ())
        for number, span in enumerate(spans):
            if version <= span.last:
                if number == 0 or span.first is None or version >= span.first:
                    return (span.observation,)
                return (spans[number - 1].observation, span.observation)
        return (spans[-1].observation,) if spans else ()

    def merge(self, news: Iterable[Result]) -> Results:
        """These results after new runs. What was run on the very same version is replaced."""
        spans = {probe: dict(row) for probe, row in self.spans.items()}
        for result in news:
            row = spans.setdefault(result.probe, {})
            old = row.get(result.series, ())
            row[result.series] = _merge(old, result.version, result.observation)
        return Results(spans)

    def each(self) -> Iterator[Result]:
        """What was run, as far as it is still known: both ends of every span."""
        for probe, row in self.spans.items():
            for span in (span for spans in row.values() for span in spans):
                for version in dict.fromkeys((span.first or span.last, span.last)):
                    yield Result(probe, version, *span.observation)

    def only(self, probes: Collection[str]) -> Results:
        """The results of some probes."""
        return Results({probe: row for probe, row in self.spans.items() if probe in probes})

    def without(self, probes: Collection[str]) -> Results:
        """The results of all other probes."""
        return Results({probe: row for probe, row in self.spans.items() if probe not in probes})


def _merge(spans: tuple[Span, ...], version: Version, seen: Observation) -> tuple[Span, ...]:
    pieces = [Span(version, version, seen)]
    for span in spans:
        contradicted = span.observation != seen and _holds(span, version)
        if not contradicted:
            pieces.append(span)
            continue
        # What is left of it are its ends, which were really run.
        ends = {span.first, span.last} - {version, None}
        pieces += [Span(end, end, span.observation) for end in ends if end is not None]
    joined: list[Span] = []
    for piece in sorted(pieces, key=lambda piece: piece.last):
        if joined and joined[-1].observation == piece.observation:
            joined[-1] = Span(_older(joined[-1], piece), piece.last, piece.observation)
        else:
            joined.append(piece)
    return (joined[0]._replace(first=None), *joined[1:])


def _holds(span: Span, version: Version) -> bool:
    return (span.first is None or span.first <= version) and version <= span.last


def _older(one: Span, other: Span) -> Version | None:
    """The oldest version of two spans that become one."""
    return None if one.first is None or other.first is None else min(one.first, other.first)


def read_all(paths: Iterable[Path]) -> Results:
    """The results in all of these files, merged.

    :raises StoreError: a file cannot be read, or a line is not what it must be.
    """
    results = Results()
    for path in paths:
        results = results.merge(read(path).each())
    return results


def read(path: Path) -> Results:
    """The results in the file ``path``; none if there is no such file.

    :raises StoreError: the file cannot be read, or a line is not what it must be.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Results()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    return parse(content, str(path))


def parse(content: bytes, name: str) -> Results:
    """The results whose bytes are ``content``. The order of the lines does not matter.

    :param name: what error messages call the file.
    :raises StoreError: a line is not what it must be.
    """
    lines = enumerate(io.BytesIO(content), 1)
    _, first = next(lines, (1, b""))
    header = _decode(first, _header_decoder, f"{name}:1: the first line must be the header")
    if header.format != FORMAT:
        raise StoreError(f"{name}:1: format {header.format}, but this reads format {FORMAT}")
    places: dict[tuple[str, Series], list[tuple[Span, str]]] = {}
    for number, text in lines:
        place = f"{name}:{number}"
        line = _decode(text, _line_decoder, place)
        series, span = _check(line, place)
        places.setdefault((line.probe, series), []).append((span, place))
    spans: dict[str, dict[Series, tuple[Span, ...]]] = {}
    for (probe, series), found in places.items():
        found.sort(key=lambda entry: entry[0].last)
        _check_order(found, f"{probe} on {series}")
        spans.setdefault(probe, {})[series] = tuple(span for span, _ in found)
    return Results(spans)


def _decode(text: bytes, decoder: Decoder[_T], place: str) -> _T:
    try:
        return decode_line(text, decoder, "take one side, then: make probe")
    except LineError as error:
        raise StoreError(f"{place}: {error}") from error


def _check(line: _Line, place: str) -> tuple[Series, Span]:
    """Series and span of a line.

    :raises StoreError: its parts do not agree, or the detail is unfit.
    """
    series = Series.from_text(line.series)
    last = Version.from_text(line.version)
    first = Version.from_text(line.first) if line.first else None
    if last.series != series:
        raise StoreError(f"{place}: field `version`: {last} is not of the series {series}")
    if first and (first.series != series or first > last):
        raise StoreError(
            f"{place}: field `from`: {first} is not a version of {series} up to {last}"
        )
    observation = Observation(line.outcome, line.detail)
    if complaint := observation.complaint():
        raise StoreError(f"{place}: field `detail`: {complaint}")
    return series, Span(first, last, observation)


def _check_order(found: list[tuple[Span, str]], what: str) -> None:
    """See that one line is of all versions up to its own, and that the others follow.

    :raises StoreError: two lines speak of the same versions.
    """
    (earlier, place), *others = found
    if earlier.first is not None:
        raise StoreError(f"{place}: {what}: the first line of a series must not have `from`")
    for span, place in others:
        if span.first is None or span.first <= earlier.last:
            raise StoreError(f"{place}: {what}: a second line for the same versions; delete one")
        if span.observation == earlier.observation:
            raise StoreError(f"{place}: {what}: the same as the line before; delete one")
        earlier = span


def render(results: Results) -> bytes:
    """The bytes of a tidy file: equal results give equal bytes."""
    lines = (_Header(FORMAT), *_lines(results))
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _lines(results: Results) -> Iterator[_Line]:
    for probe, row in sorted(results.spans.items()):
        for series, spans in sorted(row.items()):
            for span in spans:
                yield _Line(
                    probe,
                    str(series),
                    str(span.last),
                    span.observation.outcome,
                    span.observation.detail,
                    str(span.first) if span.first else None,
                )


def update(
    path: Path, change: Callable[[Results], Results], *, dry_run: bool = False
) -> tuple[Results, Results]:
    """Replace the file ``path`` as a whole by what ``change`` makes of it; return old and new.

    A second writer waits for the first (a lock file ``.NAME.lock`` stands beside it). A file that
    is right already is not touched.

    :param dry_run: touch nothing.
    :raises StoreError: what is there cannot be used.
    :raises OSError: no room, no permission.
    """
    if dry_run:
        old = read(path)
        return old, change(old)
    # Only whoever writes needs the lock, and a build only reads.
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        old = read(path)
        new = change(old)
        content = render(new)
        if not path.is_file() or path.read_bytes() != content:
            replace_file(path, content)
    return old, new
