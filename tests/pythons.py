"""The CPythons that tests run programs on. To ask all of them takes a second: it is done once."""

from __future__ import annotations

from sphinx_snapshots.behavior import interpreters

__all__ = ["PYTHONS"]

#: One of each series that is here, oldest first.
PYTHONS = interpreters.find()
