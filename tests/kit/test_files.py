"""A file is replaced as a whole, and is on disk before it gets its name."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx_snapshots.kit.files import replace_file


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
