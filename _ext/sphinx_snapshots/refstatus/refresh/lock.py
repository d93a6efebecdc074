"""One refresh of a snapshot at a time: the second waits, and is told for whom."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from ..model import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class BusyError(Exception):
    """Another refresh holds the lock, and has held it for longer than was waited."""


@contextmanager
def hold(path: Path, max_wait: float, announce: Callable[[str], None]) -> Iterator[None]:
    """Keep other refreshes of the snapshot ``path`` out, from reading it to writing it.

    The lock is the system's, on ``.NAME.lock``, and ends with the process. Who holds it
    stands in ``.NAME.holder``, which is believed only while the lock is held. What an earlier
    process left behind when it was killed is removed.

    :param max_wait: seconds to wait for another refresh.
    :param announce: is told, in one line, that this waits.
    :raises BusyError: the other one did not end in time; the message says who it is.
    :raises OSError: the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    holder = path.with_name(f".{path.name}.holder")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        announce(f"another refresh is at work ({_name_holder(holder)}); waiting for it")
        try:
            lock.acquire(timeout=max_wait, poll_interval=0.1)
        except Timeout:
            raise BusyError(f"another refresh is still at work ({_name_holder(holder)})") from None
    try:
        for left_behind in path.parent.glob(f".{path.name}.*.tmp"):
            left_behind.unlink()
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        holder.write_text(f"process {os.getpid()} on {socket.gethostname()}, since {now}", "utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _name_holder(holder: Path) -> str:
    try:
        return one_line(holder.read_text("utf-8", "replace")) or "unknown"
    except OSError:
        return "unknown"
