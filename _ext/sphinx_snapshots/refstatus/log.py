"""What became of items, refresh by refresh: a committed file that only grows.

One JSON object a line, UTF-8, the oldest first: the day, the item, and what was different. A
refresh adds to it; the page that lists it is written from it alone. No Sphinx, no network.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from ..kit.files import FileError, LineError, decode_line
from .model import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable

_AFTER_CONFLICT: Final = "keep the lines of both sides"
_LONGEST: Final = 1_000  # characters of what is different


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line.

    :param day: of the refresh that saw it.
    :param key: of the item, as in the snapshot.
    :param change: from what to what, for a person: ``open -> completed``.
    """

    day: date
    key: str
    change: str

    @property
    def item(self) -> Reference:
        """The item."""
        return Reference.from_key(self.key)


_decoder: Final = msgspec.json.Decoder(Entry)


def parse(content: bytes, name: str) -> list[Entry]:
    """The entries whose bytes are ``content``, the oldest first; of one day as in the file.

    :param name: what error messages call the file.
    :raises FileError: a line is not what it must be.
    """
    entries = []
    for number, line in enumerate(content.splitlines(keepends=True), 1):
        try:
            entry = decode_line(line, _decoder, _AFTER_CONFLICT)
            _ = entry.item
            if not 0 < len(entry.change) <= _LONGEST:
                raise LineError(f"field `change`: not of 1 to {_LONGEST} characters")
        except ValueError as error:
            raise FileError(f"{name}:{number}: {error}") from error
        entries.append(entry)
    return sorted(entries, key=lambda entry: entry.day)


def render(entries: Iterable[Entry]) -> bytes:
    """The bytes of lines."""
    return b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
