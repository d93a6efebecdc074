"""A file is replaced as a whole, by one writer at a time, and its lines are read strictly."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from filelock import FileLock
from sphinx_snapshots.kit.files import BusyError, LineError, decode_line, locked, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What ``replace_file`` has the system do, in order; the content counts at that moment."""
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        held = "folder" if is_folder else os.pread(descriptor, 99, 0).decode()
        steps.append(f"sync {held}")
        sync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        steps.append(f"rename to {target.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    return steps


def test_the_bytes_are_on_disk_before_the_name_and_the_name_at_the_end(
    tmp_path: Path, steps: list[str]
) -> None:
    replace_file(tmp_path / "x", b"all of it")
    assert steps == ["sync all of it", "rename to x", "sync folder"]
    assert (tmp_path / "x").read_bytes() == b"all of it"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of open files here")
def test_no_file_is_open_when_it_is_moved_or_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses both. Nothing else of what this file does differs there."""
    seen: list[str] = []

    def note(name: str, *, fails: bool) -> Callable[..., None]:
        original = getattr(Path, name)

        def step(path: Path, *arguments: object) -> None:
            opened = [os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()]
            assert str(path) not in opened
            seen.append(name)
            if fails:
                raise OSError("no")
            original(path, *arguments)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", note("replace", fails=False))
        replace_file(tmp_path / "x", b"all of it")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", note("replace", fails=True))
        patch.setattr(Path, "unlink", note("unlink", fails=False))
        with pytest.raises(OSError, match="no"):
            replace_file(tmp_path / "x", b"more")
    assert seen == ["replace", "replace", "unlink"]


def test_a_file_that_has_the_bytes_is_left_alone(tmp_path: Path, steps: list[str]) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"all of it")
    replace_file(path, b"all of it")
    assert steps == []
    replace_file(path, b"more")
    assert steps != []


def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("no")

    for owner, name in ((os, "fsync"), (Path, "chmod"), (Path, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fail)
            with pytest.raises(OSError, match="no"):
                replace_file(path, b"new")
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_can_be_read_by_others_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "x"
    replace_file(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o600)
    replace_file(path, b"newer")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_one_and_its_target_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "real"
    path.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(path)
    replace_file(link, b"new")
    assert path.read_bytes() == b"new"
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    # In a process of its own: the limit on the size of files would hit pytest too.
    program = """
import resource, signal, sys
from sphinx_snapshots.kit.files import replace_file

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
replace_file(sys.argv[1], b"new" * 99)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, path],
        # Without coverage, which would find no room either.
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "File too large" in done.stderr
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_one_writer_waits_for_another_but_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "x"
    with locked(path):
        replace_file(path, b"new")
    with (
        FileLock(tmp_path / "folder" / ".x.lock"),
        pytest.raises(BusyError, match="another command is still writing"),
        locked(path, max_wait=0),
    ):
        pytest.fail("two writers")
    with locked(path, max_wait=0):
        pass


def test_what_a_killed_writer_left_is_tidied_away_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".x.abc.tmp").write_bytes(b"half")
    (tmp_path / ".y.abc.tmp").write_bytes(b"somebody else's")
    with locked(tmp_path / "x"):
        assert not (tmp_path / ".x.abc.tmp").exists()
    assert (tmp_path / ".y.abc.tmp").exists()


class Line(msgspec.Struct, forbid_unknown_fields=True):
    key: str


DECODER = msgspec.json.Decoder(Line)


def test_a_line_is_decoded() -> None:
    assert decode_line(b'{"key":"x"}\n', DECODER, "") == Line("x")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"<<<<<<< ours", "a conflict that git left; keep both"),
        (b"=======", "a conflict that git left; keep both"),
        (b'{"key":5}', r"Expected `str`, got `int` - at `\$\.key`"),
        (b'{"key":"\xff"}', "utf-8"),
        (b"{" * 9, "malformed"),
        (b'{"x":' + b"[" * 9999, "recursion|unknown field"),
        # A terminal must not obey what a line names, and nobody reads pages of it.
        (b'{"key":"x","\xc2\x9b31m":1}', r"\\x9b31m"),
        (b'{"key":"x","' + b"y" * 9999 + b'":1}', "^.{1,500}$"),
    ],
)
def test_a_line_that_cannot_be_decoded_is_told_in_printable_characters(
    line: bytes, message: str
) -> None:
    with pytest.raises(LineError, match=f"(?i){message}") as told:
        decode_line(line, DECODER, "keep both")
    assert str(told.value).isprintable()
