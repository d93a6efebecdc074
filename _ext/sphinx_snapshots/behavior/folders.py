"""Folders that are made once for all probes, and kept until this process ends."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Only who wants the same folder waits until it is filled.
_folders: Final[dict[tuple[object, ...], TemporaryDirectory[str]]] = {}
_locks: Final[dict[tuple[object, ...], Lock]] = {}


def made_once(key: tuple[object, ...], fill: Callable[[Path], None]) -> Path:
    """The folder of ``key``, which ``fill`` has filled; what it raises is raised.

    :param key: what ``fill`` depends on; another function may have the same.
    """
    key = (fill.__qualname__, *key)
    with _locks.setdefault(key, Lock()):
        if key not in _folders:
            new = TemporaryDirectory(prefix="probes-", ignore_cleanup_errors=True)
            fill(Path(new.name))
            _folders[key] = new
        return Path(_folders[key].name)
