"""One line of a committed file of JSON Lines. Knows neither Sphinx nor what the file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

if TYPE_CHECKING:
    from msgspec.json import Decoder

__all__ = ["LineError", "decode_line"]

_T = TypeVar("_T")
_CONFLICT_MARKERS: Final = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


# What is wrong with a line stands at the start of a message.
_LONGEST_MESSAGE: Final = 500


class LineError(ValueError):
    """A line is not what it must be. The message says how, but not where, in printable characters.

    A message may name a field that the line itself names, and a terminal shall not obey it.
    """

    def __init__(self, message: str) -> None:
        head = message[:_LONGEST_MESSAGE]
        super().__init__("".join(c if c.isprintable() else repr(c)[1:-1] for c in head))


def decode_line(line: bytes, decoder: Decoder[_T], after_conflict: str) -> _T:
    """What ``line`` holds.

    :param after_conflict: what to do about a conflict that git left in the file.
    :raises LineError: the line cannot be decoded, whatever its bytes are.
    """
    if line.startswith(_CONFLICT_MARKERS):
        raise LineError(f"a conflict that git left; {after_conflict}")
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LineError(str(error)) from error
