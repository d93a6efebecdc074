"""What a probe may show now, going by what is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx_snapshots.behavior.model import Observation, Version
    from sphinx_snapshots.behavior.snapshot import Results


def expected(results: Results, probe: str, version: Version) -> tuple[Observation, ...]:
    """What a version may show: what its neighbors did, two things where they differ.

    Nothing if no version of the series was run. Debug builds are neighbors of their like only.
    """
    runs = sorted(
        (known, run.observation)
        for known, run in results.runs.get(probe, {}).items()
        if (known.series, known.is_debug) == (version.series, version.is_debug)
    )
    older = [seen for known, seen in runs if known <= version][-1:]
    newer = [seen for known, seen in runs if known >= version][:1]
    return tuple(dict.fromkeys(older + newer))
