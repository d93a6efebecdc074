"""Build a site as ``python -m sphinx`` does, cut off from the network.

    build_offline.py REPORT [ARGUMENT ...]

The arguments are those of ``sphinx-build``, and so is the exit status. A connection, or a question
for the address of a host, fails the build. What the build did is written into REPORT as JSON when
it has ended; a report of an earlier build is removed at once:

    status   the exit status
    clean    whether the build began without output and doctrees of an earlier one
    modules  every Python module that was imported by the process (not by those that it forked)
"""

import gc
import json
import sys
from pathlib import Path

from sphinx.cmd import build

# The nodes of a page are cycles and live as long as it is read or written: to look for garbage
# after every 700 new objects takes a tenth of a build.
OBJECTS_BETWEEN_COLLECTIONS = 50_000

NETWORK = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.sendmsg",
    "socket.sendto",
}


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook, which forked processes inherit.

    :raises RuntimeError: someone is about to use the network.
    """
    if event in NETWORK:
        raise RuntimeError(f"a build must not use the network: {event} {arguments[1:]}")


def main() -> int:
    """Build, and return the exit status."""
    report = Path(sys.argv[1])
    options = build.get_parser().parse_args(sys.argv[2:])
    report.unlink(missing_ok=True)
    places = [Path(options.outputdir), Path(options.doctreedir or options.outputdir)]
    clean = not any(place.exists() for place in places)
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    sys.addaudithook(refuse_network)
    status = build.main(sys.argv[2:])
    content = {"status": status, "clean": clean, "modules": sorted(sys.modules)}
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(content) + "\n", encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
