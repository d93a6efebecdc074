"""What takes turns: tests that look at one of many each day, where CI looks at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

__all__ = ["all_in_ci", "of_today"]

_T = TypeVar("_T")

# Kept in the environment, so that all processes of a run have one day, also at midnight; and a run
# of another day can be repeated.
_DAY = int(os.environ.setdefault("TEST_DAY", str(datetime.now(UTC).timetuple().tm_yday)))


def of_today(those: Sequence[_T]) -> _T:
    """The one whose turn it is; there must be one."""
    return those[_DAY % len(those)]


def all_in_ci(those: Sequence[_T]) -> Sequence[_T]:
    """All of them in CI, else the one whose turn it is."""
    return those if os.environ.get("CI") else [of_today(those)]
