"""Keep the names of docs.python.org, which cross-references lead to, up to date."""

from __future__ import annotations

import re
import time
import zlib
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, NamedTuple

from ...kit.files import replace_file
from .answers import Stopped
from .failures import MAX_WAIT, Failed
from .transport import LARGEST_BODY, Request, Transport

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .transport import Response

__all__ = ["Inventory", "InventoryError", "bring_up_to_date", "parse"]

#: The part of the old names that a new inventory must hold to be believed.
_KEPT: Final = 0.9

# Name, domain:type, priority, location, display name: the lines of version 2 as
# sphinx.util.inventory reads them.
_LINE: Final = re.compile(r"(.+?)\s+(\S+:\S+)\s+(-?\d+)\s+?(\S*)\s+(.+)")


class InventoryError(ValueError):
    """This is not an inventory. The message says why, in words that may follow a name."""


class Inventory(NamedTuple):
    """What an ``objects.inv`` holds.

    :param project: ``Python``.
    :param version: ``3.15``.
    :param lines: without the compression, which may differ where nothing else does.
    :param names: pairs of kind (``py:function``) and name.
    """

    project: str
    version: str
    lines: tuple[str, ...]
    names: frozenset[tuple[str, str]]


def parse(content: bytes) -> Inventory:
    """The inventory whose bytes are ``content``.

    :raises InventoryError: they are not one that Sphinx would read.
    """
    try:
        first, project, version, compression, packed = content.split(b"\n", 4)
    except ValueError:
        raise InventoryError("is not an inventory: its header is not complete") from None
    if first.rstrip() != b"# Sphinx inventory version 2" or b"zlib" not in compression:
        raise InventoryError("is not an inventory of Sphinx, version 2")
    try:
        lines = _unpack(packed).decode().splitlines()
        heading = [line.decode().rstrip().partition(": ")[2] for line in (project, version)]
    except (zlib.error, UnicodeDecodeError) as error:
        raise InventoryError(f"is an inventory that is broken ({error})") from None
    names = set()
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line.rstrip())
        # Sphinx joins the location to the address of the site, which only a relative one lets be.
        if match is None or match[4].startswith("/") or not line.isprintable():
            raise InventoryError(f"is an inventory whose line {number} is wrong")
        names.add((match[2], match[1]))
    return Inventory(heading[0], heading[1], tuple(lines), frozenset(names))


def _unpack(packed: bytes) -> bytes:
    """Decompress, up to a limit.

    :raises zlib.error: not complete, or too large.
    """
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(packed, LARGEST_BODY)
    if not unpacking.eof:
        raise zlib.error(
            "it ends too early" if not unpacking.unconsumed_tail else "it is too large"
        )
    return content


def bring_up_to_date(
    address: str,
    path: Path,
    *,
    dry_run: bool = False,
    max_wait: float = MAX_WAIT,
    announce: Callable[[str], None],
    waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Replace the inventory in the file ``path`` with the one at ``address``, if it is sound.

    Sound is one of the same project and version that still has nine tenths of the names.

    :param dry_run: replace nothing.
    :param waiting: is entered around every wait.
    :returns: whether it was replaced, or would have been; not if nothing but the compression
        differs.
    :raises Stopped: it was not, for a reason that the text names; the file is as it was.
    :raises OSError: no room, no permission; the file is as it was.
    """
    old = _parse_file(path) if path.exists() else None
    transport = Transport(max_wait=max_wait, announce=announce, waiting=waiting, sleep=sleep)
    try:
        content = transport.ask(Request(address, accept="*/*"), _read)
        new = parse(content)
        if old is not None:
            _compare(old, new)
    except Failed as failure:
        raise Stopped(f"{path} stays as it is: {failure}") from None
    except InventoryError as error:
        raise Stopped(f"{path} stays as it is: {address} {error}") from None
    if new == old:
        return False
    if not dry_run:
        replace_file(path, content)
    return True


def _parse_file(path: Path) -> Inventory:
    """The inventory in a file.

    :raises Stopped: the file holds none.
    """
    try:
        return parse(path.read_bytes())
    except InventoryError as error:
        raise Stopped(f"{path} {error}; restore or remove it") from None


def _read(response: Response) -> bytes:
    return response.body


def _compare(old: Inventory, new: Inventory) -> None:
    """Whether ``new`` can take the place of ``old``.

    :raises InventoryError: it cannot.
    """
    if (new.project, new.version) != (old.project, old.version):
        raise InventoryError(
            f"is the inventory of {new.project} {new.version}, not of {old.project} {old.version}"
        )
    kept = len(old.names & new.names)
    if kept < _KEPT * len(old.names):
        raise InventoryError(f"has only {kept} of {len(old.names)} names")
