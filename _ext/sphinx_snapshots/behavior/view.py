"""How results read: which versions showed the same, and in which words. No Sphinx, no files."""

from __future__ import annotations

from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from .model import Outcome, Series, name_series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .model import Observation
    from .snapshot import Span

    #: What a probe showed, series by series.
    Row: TypeAlias = Mapping[Series, tuple[Span, ...]]


class Stretch(NamedTuple):
    """Neighboring versions that showed the same.

    :param spans: one or more, in the order of versions, each of one series or a part of it.
    :param name: ``"3.8"``, ``"3.8 to 3.12"``; with exact versions where a series changed within:
        ``"3.8 to 3.12.4"``, ``"3.12.6 to 3.15"``, ``"3.12 up to 3.12.4"``, ``"3.12 from 3.12.6"``.
    """

    spans: tuple[Span, ...]
    name: str

    @property
    def observation(self) -> Observation:
        """What all of them showed."""
        return self.spans[0].observation

    @property
    def anchor(self) -> str:
        """What tells the stretch from the others of its probe, in an address: ``"3-8"``."""
        return str(self.spans[0].first or self.spans[0].last.series).replace(".", "-")

    @property
    def versions(self) -> str:
        """The exact versions that were run, one of each series."""
        return ", ".join(str(span.last) for span in self.spans)


def stretches(row: Row) -> list[Stretch]:
    """The results of a probe, with neighbors that showed the same taken together."""
    spans = [span for _, parts in sorted(row.items()) for span in parts]
    groups = [tuple(group) for _, group in groupby(spans, key=lambda span: span.observation)]
    result = []
    for group, following in zip_longest(groups, groups[1:]):
        is_cut = following is not None and following[0].first is not None
        result.append(Stretch(group, _name(group, is_cut=is_cut)))
    return result


def _name(spans: Sequence[Span], *, is_cut: bool) -> str:
    """See `Stretch`.

    :param is_cut: whether the last series changed after these spans.
    """
    first, last = spans[0], spans[-1]
    if len(spans) > 1 or (first.first and is_cut):
        return f"{first.first or first.last.series} to {last.last if is_cut else last.last.series}"
    if first.first:
        return f"{first.last.series} from {first.first}"
    return f"{first.last.series} up to {first.last}" if is_cut else str(first.last.series)


class Column(NamedTuple):
    """Neighboring series whose cells in a table are one.

    :param series: one or more.
    :param stretches: what was seen there, usually one; several where a series changed within;
        none where there is no result.
    """

    series: tuple[Series, ...]
    stretches: tuple[Stretch, ...]


def columns(row: Row, series: Sequence[Series]) -> list[Column]:
    """The cells of a probe's row in a table whose columns are ``series``."""
    found = stretches(row)

    def seen(one: Series) -> tuple[Stretch, ...]:
        return tuple(s for s in found if any(span.last.series == one for span in s.spans))

    return [Column(tuple(group), seen_there) for seen_there, group in groupby(series, key=seen)]


def ran_on(row: Row, series: Sequence[Series]) -> str:
    """On which series the program ran: those with a result, but for those that lack the thing.

    :param series: all series that count, in order.
    """
    known = [one for one in series if one in row]
    present = [one for one in known if row[one][-1].observation.outcome is not Outcome.ABSENT]
    return name_series(present or known, series)
