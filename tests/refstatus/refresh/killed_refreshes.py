"""Kill refreshes at any moment, and see that each leaves a whole file of whole portions.

Forks, so that no time goes into imports. Prints the number of kills, and how a last one ends.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from sphinx_snapshots.refstatus.__main__ import main
from sphinx_snapshots.refstatus.snapshot import read

KILLS = 20

name, *keys = sys.argv[1:]
path = Path(name)
old = path.read_bytes()
command = ["refresh", "--snapshot", name, *keys]


def begin() -> int:
    """Start a refresh of the old file; its process."""
    path.write_bytes(old)
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os._exit(main(command))
    return child


def count_new() -> int:
    """How many records are new, in a file that can be read."""
    titles = [getattr(record, "title", None) for record in read(path).records.values()]
    assert {*titles} <= {"T", "New title"}
    assert len(titles) == len(keys)
    return titles.count("New title")


def seconds() -> float:
    """How long a whole refresh takes."""
    start = time.monotonic()
    _, status = os.waitpid(begin(), 0)
    assert (status, count_new()) == (0, len(keys))
    return time.monotonic() - start


# What is done the first time only is done now.
main(command)
longest = max(seconds() for _ in range(3))
chance = random.Random(20261122)
seen, kills = set(), 0
while kills < KILLS:
    child = begin()
    time.sleep(chance.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    kills += os.WIFSIGNALED(status)
    # However fast the machine is just now, most must be killed, and some of them near the end.
    longest *= 1.05 if os.WIFSIGNALED(status) else 0.8
    seen.add(count_new())
    left = [path for path in path.parent.iterdir() if path.name.endswith(".tmp")]
    assert len(left) <= 1, left
# Whole portions, of 50 and of the rest.
assert seen <= {0, 50, len(keys)}, seen
assert 0 in seen
print(kills, main([*command, "--max-wait", "0"]))  # noqa: T201  a program
