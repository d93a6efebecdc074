"""The CPythons that tests run programs on. To ask all of them takes a second: it is done once."""

from __future__ import annotations

import os

from sphinx_snapshots.behavior import interpreters
from turns import of_today

__all__ = ["DEBUG_BUILDS", "PYTHONS", "RUN_ALL", "TURN"]

_FOUND = interpreters.find()
#: One release build of each series that is here, oldest first.
PYTHONS = tuple(python for python in _FOUND if not python.exact.is_debug)
#: The debug builds that are here.
DEBUG_BUILDS = tuple(python for python in _FOUND if python.exact.is_debug)
#: Whether all programs are run on all of them: in CI.
RUN_ALL = bool(os.environ.get("BEHAVIOR_RUN_ALL"))
#: The series whose turn it is today; None without any.
TURN = of_today(PYTHONS).series if PYTHONS else None
