"""Refresh all items of a snapshot; print the memory it took, in kB, and seconds of the CPU."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sphinx_snapshots.refstatus.__main__ import main
from sphinx_snapshots.refstatus.refresh import ask  # noqa: F401  loaded before the measurement
from sphinx_snapshots.refstatus.snapshot import read
from used_memory import most_used

path = sys.argv[1]
keys = list(read(Path(path)).records)
least, start = most_used(), time.process_time()
status = main(["refresh", "--snapshot", path, *keys])
print(most_used() - least, time.process_time() - start)  # noqa: T201  a program
sys.exit(status)
