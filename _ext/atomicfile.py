"""Replace a file as a whole or not at all. Knows neither Sphinx nor what the file holds."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["replace_file"]

_NEW_FILE_MODE: Final = 0o644


def replace_file(path: str | os.PathLike[str], content: bytes | bytearray) -> None:
    """Make ``content`` the content of ``path``: whoever reads meets the old bytes or the new ones.

    The bytes are on disk before the name changes, so that not even a power cut leaves half a file.
    A symbolic link stays one: its target is replaced. The mode of an existing file stays.

    :raises OSError: no room, no permission; the old file is whole, no other file is left behind.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        mode = target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mode = _NEW_FILE_MODE
    with tempfile.NamedTemporaryFile(
        dir=target.parent, prefix=f".{target.name}.", suffix=".tmp", delete=False
    ) as stream:
        temporary = Path(stream.name)
        try:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
            temporary.chmod(mode)
            temporary.replace(target)
        except BaseException:
            # Closing a file on a full disk can fail as well: the first error is the one to tell.
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
