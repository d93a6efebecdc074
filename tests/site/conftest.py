"""Fixtures for the tests of the site."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from filelock import FileLock
from sections import Section, read_sections

if TYPE_CHECKING:
    from conftest import Site


@pytest.fixture(scope="session")
def sections(site: Site, shared_folder: Path) -> list[Section]:
    """The sections of the site, read once for all test processes."""
    path = shared_folder / "sections.json"
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            path.write_bytes(msgspec.json.encode(read_sections(site)))
    return msgspec.json.decode(path.read_bytes(), type=list[Section])


@pytest.fixture
def look(tmp_path: Path, rootdir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources of the page that has everything a page may show, ``tests/roots/test-look``."""
    source = tmp_path / "source"
    shutil.copytree(rootdir / "test-look", source)
    shutil.copytree(rootdir / "test-diagrams/drawings", source / "drawings")
    for other in ("test-behavior", "test-refstatus"):
        only_data = shutil.ignore_patterns("*.rst", "*.md", "conf.py")
        shutil.copytree(rootdir / other, source, ignore=only_data, dirs_exist_ok=True)
    monkeypatch.setenv("TEST_ROOT", os.fspath(Path(__file__).parents[2]))
    return source
