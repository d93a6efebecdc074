"""The CPythons that tests run programs on. To ask all of them takes a second: it is done once."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from sphinx_snapshots.behavior import interpreters

__all__ = ["PYTHONS", "RUN_ALL", "TURN"]

#: One of each series that is here, oldest first.
PYTHONS = interpreters.find()
#: Whether all programs are run on all of them: in CI.
RUN_ALL = bool(os.environ.get("BEHAVIOR_RUN_ALL"))
#: The series whose turn it is today; None without any.
TURN = PYTHONS[datetime.now(UTC).timetuple().tm_yday % len(PYTHONS)].series if PYTHONS else None
