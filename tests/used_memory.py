"""How much memory a program has taken, for the programs that tests start."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["most_used"]


def most_used() -> int:
    """The most memory that this program has had at any time, in kB, on Linux.

    ``getrusage()`` would count what the program that started this one had.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    match = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert match is not None
    return int(match[1])
