"""Run a command while holding a lock: ``run_alone.py LOCK-FILE COMMAND [ARGUMENT ...]``.

Two builds into the same folder at the same time would spoil each other's files; with this the
second one waits. The command inherits the open file, and with it the lock, until it ends.
"""

import fcntl
import os
import sys
from pathlib import Path


def main() -> None:
    lock_file, *command = sys.argv[1:]
    Path(lock_file).parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("waiting for another build in this folder", file=sys.stderr, flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)
    os.execvp(command[0], command)  # noqa: S606  the command is our own


if __name__ == "__main__":
    main()
