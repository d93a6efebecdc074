"""Committed files: replace one as a whole or not at all, read a line, keep other writers out."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msgspec.json import Decoder

_T = TypeVar("_T")
_NEW_FILE_MODE: Final = 0o644
_CONFLICT_MARKERS: Final = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")
# What is wrong with a line stands at the start of a message.
_LONGEST_MESSAGE: Final = 500


def replace_file(path: str | os.PathLike[str], content: bytes | bytearray) -> None:
    """Make ``content`` the content of ``path``: whoever reads meets the old bytes or the new ones.

    The bytes are on disk before the name changes, so that not even a power cut leaves half a file.
    A symbolic link stays one: its target is replaced. The mode of an existing file stays. One that
    has these bytes already is not touched.

    :raises OSError: no room, no permission; the old file is whole, no other file is left behind.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        mode = target.stat().st_mode & 0o7777
        if target.read_bytes() == content:
            return
    except FileNotFoundError:
        mode = _NEW_FILE_MODE
    descriptor, name = tempfile.mkstemp(".tmp", f".{target.name}.", target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        # Closed by now: Windows moves no file that is open, and removes none.
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        # The first error is the one to tell.
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a change of names in ``folder`` durable, where the system can (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class BusyError(Exception):
    """Another process has held the lock for longer than was waited."""


@contextmanager
def locked(path: Path, max_wait: float = -1) -> Iterator[None]:
    """Keep other writers of the file ``path`` out, from reading it to writing it.

    The lock is the system's, on ``.NAME.lock`` beside the file, and ends with the process.

    :param max_wait: seconds to wait for another writer; less than 0 is as long as it takes.
    :raises BusyError: the other one did not end in time.
    :raises OSError: the folder cannot be written.
    """
    # Only who writes needs it: it comes with the extras.
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=max_wait, poll_interval=0.1):
            # A writer that was killed left its half behind.
            for left_behind in path.parent.glob(f".{path.name}.*.tmp"):
                left_behind.unlink()
            yield
    except Timeout:
        raise BusyError(f"another command is still writing {path}") from None


class FileError(ValueError):
    """A file cannot be used. The message names it, the line if there is one, and what is wrong."""


def read_bytes(path: Path) -> bytes:
    """The bytes of the file ``path``.

    :raises FileError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error


class LineError(ValueError):
    """A line is not what it must be. The message says how, but not where, in printable characters.

    A message may name a field that the line itself names, and a terminal shall not obey it.
    """

    def __init__(self, message: str) -> None:
        head = message[:_LONGEST_MESSAGE]
        super().__init__("".join(c if c.isprintable() else repr(c)[1:-1] for c in head))


def decode_line(line: bytes, decoder: Decoder[_T], after_conflict: str) -> _T:
    """What a line of a file of JSON Lines holds.

    :param after_conflict: what to do about a conflict that git left in the file.
    :raises LineError: the line cannot be decoded, whatever its bytes are.
    """
    if line.startswith(_CONFLICT_MARKERS):
        raise LineError(f"a conflict that git left; {after_conflict}")
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LineError(str(error)) from error
