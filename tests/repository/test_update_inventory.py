"""The names in docs.python.org: only a sound inventory replaces the old one."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from stand_in import Exchange, StandIn, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fault = Callable[[Exchange], None]

TOOL = Path(__file__).parents[2] / "tools" / "update_inventory.py"
NAMES = [f"name{n} py:function 1 library/x.html#$ -" for n in range(100)]


def make(lines: list[str], *, version: str = "3.15", level: int = 9) -> bytes:
    heading = (
        f"# Sphinx inventory version 2\n# Project: Python\n# Version: {version}\n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    return heading.encode() + zlib.compress("\n".join([*lines, ""]).encode(), level)


def inventory(content: bytes) -> Fault:
    def send(exchange: Exchange) -> None:
        exchange.send(200, content, "application/octet-stream")

    return send


class Site:
    """A site whose names are on the stand-in."""

    def __init__(self, folder: Path, server: StandIn) -> None:
        self.server = server
        self.path = folder / "python.inv"
        self._folder = folder
        mapping = {"python": (f"{server.address}/docs/", "python.inv")}
        (folder / "conf.py").write_text(f"intersphinx_mapping = {mapping!r}\n")
        self.path.write_bytes(make(NAMES))

    def update(self, fault: Fault) -> tuple[int, str, str]:
        self.server.always_fail("docs", fault)
        done = subprocess.run(
            [sys.executable, TOOL], cwd=self._folder, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with StandIn() as server:
        yield Site(tmp_path, server)


def test_new_names_replace_the_old_ones_and_that_is_told_once(site: Site) -> None:
    # Ten of a hundred may go.
    content = make([*NAMES[10:], "new py:class 1 library/y.html#$ -"])
    told = "`python.inv`: the names in docs.python.org have changed.\n"
    assert site.update(inventory(content)) == (0, told, "")
    assert site.path.read_bytes() == content
    assert site.update(inventory(content)) == (0, "", "")


def test_the_same_names_packed_otherwise_change_nothing(site: Site) -> None:
    before = site.path.read_bytes()
    assert make(NAMES, level=1) != before
    assert site.update(inventory(make(NAMES, level=1))) == (0, "", "")
    assert site.path.read_bytes() == before


GOOD = make(NAMES)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (inventory(b""), "invalid inventory header"),
        (inventory(GOOD.replace(b"version 2", b"version 9")), "unknown or unsupported inventory"),
        (inventory(GOOD[:-20]), "not a whole inventory"),
        (inventory(make([*NAMES, "x" * 2**24])), "it unpacks to more than 16 MiB"),
        (inventory(make(NAMES[11:])), "it has only 89 of 100 names"),
        (inventory(make(NAMES, version="3.16")), "it is of [('Python', '3.16')], not of"),
        (inventory(make(["name py:function 1 /x -", *NAMES])), "the name 'name' leads to '/x'"),
        (inventory(make(["\x1b[2J py:function 1 x -", *NAMES])), "the name '\\x1b[2J' leads"),
        (faults.html(404), "answered 404"),
        (faults.huge, "answered more than 16 MiB"),
        (faults.redirect(302, "https://example.org/"), "to example.org (not followed)"),
        pytest.param(faults.html(500), "answered 500", marks=pytest.mark.slow),
        pytest.param(faults.truncated, "sent an answer that is broken", marks=pytest.mark.slow),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_sound_or_does_not_come_replaces_nothing(
    site: Site, fault: Fault, why: str
) -> None:
    before = site.path.read_bytes()
    status, out, err = site.update(fault)
    assert (status, out) == (1, "")
    # Before the last line it may tell of waits.
    last = err.splitlines()[-1]
    assert last.startswith("python.inv stays as it is: ")
    assert why in last
    assert site.path.read_bytes() == before
    assert {path.name for path in site.path.parent.iterdir()} == {"conf.py", "python.inv"}


@pytest.mark.parametrize(
    ("old", "why"),
    [(None, "No such file or directory"), (GOOD[:-20], "not a whole inventory")],
    ids=["absent", "broken"],
)
def test_without_an_old_inventory_it_says_what_to_do(
    site: Site, old: bytes | None, why: str
) -> None:
    site.path.unlink()
    if old is not None:
        site.path.write_bytes(old)
    status, out, err = site.update(inventory(GOOD))
    assert (status, out) == (1, "")
    assert f"the old one cannot be used ({why}" in err
    assert err.endswith("; restore it with git\n")
    assert not site.server.asked("docs")
