"""The names of docs.python.org: only a sound inventory replaces the old one."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.util.inventory import InventoryFile
from sphinx_snapshots.refstatus.refresh.answers import Stopped
from sphinx_snapshots.refstatus.refresh.inventory import InventoryError, bring_up_to_date, parse
from stand_in import Exchange, StandIn, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fault = Callable[[Exchange], None]

NAMES = [f"name{n} py:function 1 library/x.html#$ -" for n in range(100)]


def make(lines: list[str], *, version: str = "3.15", level: int = 9) -> bytes:
    heading = (
        f"# Sphinx inventory version 2\n# Project: Python\n# Version: {version}\n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    body = "".join(f"{line}\n" for line in lines).encode()
    return heading.encode() + zlib.compress(body, level)


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "python.inv"
    path.write_bytes(make(NAMES))
    return path


def refresh(server: StandIn, path: Path) -> bool:
    said: list[str] = []
    return bring_up_to_date(
        server.addresses.inventory, path, announce=said.append, sleep=server.sleep
    )


def test_new_names_replace_the_old_ones(server: StandIn, path: Path) -> None:
    # Ten of a hundred may go.
    server.world.inventory = make([*NAMES[10:], "new py:class 1 library/y.html#$ -"])
    assert refresh(server, path)
    assert path.read_bytes() == server.world.inventory
    assert not refresh(server, path)


def test_the_same_names_packed_otherwise_change_nothing(server: StandIn, path: Path) -> None:
    server.world.inventory = make(NAMES, level=1)
    before = path.read_bytes()
    assert server.world.inventory != before
    assert not refresh(server, path)
    assert path.read_bytes() == before


def test_the_first_inventory_is_believed_without_comparison(
    server: StandIn, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "python.inv"
    assert refresh(server, path)
    assert path.read_bytes() == server.world.inventory


GOOD = make(NAMES)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not an inventory: its header is not complete"),
        (b"<html>\n\n\n\n", "is not an inventory of Sphinx, version 2"),
        (GOOD.replace(b"version 2", b"version 1"), "is not an inventory of Sphinx, version 2"),
        (GOOD[:-20], "is an inventory that is broken (it ends too early)"),
        (GOOD[:200] + b"\0\0\0\0" + GOOD[204:], "is an inventory that is broken ("),
        (GOOD[:130], "is an inventory that is broken ("),
        (make([]), "has only 0 of 100 names"),
        (make(NAMES[11:]), "has only 89 of 100 names"),
        (make(NAMES, version="3.16"), "is the inventory of Python 3.16, not of Python 3.15"),
        (make([*NAMES, "nonsense"]), "is an inventory whose line 101 is wrong"),
        (make(["name py:function 1 /x -", *NAMES]), "is an inventory whose line 1 is wrong"),
        (make(["\x1b[2J py:function 1 x -", *NAMES]), "is an inventory whose line 1 is wrong"),
        (make(["x" * 17_000_000]), "is an inventory that is broken (it is too large)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_sound_replaces_nothing(
    server: StandIn, path: Path, content: bytes, why: str
) -> None:
    server.world.inventory = content
    before = path.read_bytes()
    with pytest.raises(Stopped) as stopped:
        refresh(server, path)
    address = server.addresses.inventory
    assert str(stopped.value).startswith(f"{path} stays as it is: {address} {why}")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (faults.html(404), "answered 404"),
        (faults.html(500), "answered 500"),
        (faults.truncated, "sent an answer that is broken (ProtocolError)"),
        (faults.huge, "answered more than 16 MiB"),
        (faults.gzip_bomb, "answered more than 16 MiB"),
        (faults.redirect(302, "https://example.org/"), "to example.org (not followed)"),
    ],
)
def test_what_does_not_come_replaces_nothing(
    server: StandIn, path: Path, fault: Fault, end: str
) -> None:
    server.always_fail("docs", fault)
    before = path.read_bytes()
    with pytest.raises(Stopped) as stopped:
        refresh(server, path)
    assert str(stopped.value).endswith(end)
    assert path.read_bytes() == before


def test_an_old_file_that_is_broken_is_named(server: StandIn, path: Path) -> None:
    path.write_bytes(b"broken")
    with pytest.raises(Stopped) as stopped:
        refresh(server, path)
    assert str(stopped.value) == (
        f"{path} is not an inventory: its header is not complete; restore or remove it"
    )
    assert server.requests == []


def test_a_place_that_cannot_be_written_is_told(server: StandIn, path: Path) -> None:
    with pytest.raises(OSError, match=r"python\.inv"):
        refresh(server, path / "below a file")
    assert path.read_bytes() == make(NAMES)


def test_sphinx_reads_the_same_names_in_the_committed_inventory() -> None:
    content = (Path(__file__).parents[3] / "_data" / "python.inv").read_bytes()
    ours = parse(content)
    theirs = InventoryFile.loads(content, uri="").data
    # Sphinx leaves out the second of two entries for a module, as do we.
    assert ours.names == {(kind, name) for kind, names in theirs.items() for name in names}
    assert (ours.project, ours.version) == ("Python", "3.15")


def test_a_version_with_blanks_at_its_end_is_the_same() -> None:
    assert parse(make(NAMES, version="3.15 \r")).version == "3.15"


def test_an_inventory_error_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="not an inventory") as error:
        parse(b"")
    assert isinstance(error.value, InventoryError)
