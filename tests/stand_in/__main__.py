"""Try a refresh by hand: ``python -m stand_in SNAPSHOT``, with ``_ext`` and ``tests`` on the path.

Serves a world in which the snapshot is true, until Ctrl-C, and prints the variables that send a
refresh there.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from sphinx_snapshots.refstatus.snapshot import read

from .server import StandIn
from .world import World


def main() -> None:
    (snapshot,) = sys.argv[1:]
    with StandIn(World.of_snapshot(read(Path(snapshot)))) as server:
        for name, value in server.environment().items():
            print(f"export {name}={value}", flush=True)  # noqa: T201  it is a command
        with suppress(KeyboardInterrupt):
            server.closing.wait()


if __name__ == "__main__":
    main()
