"""Fixtures for the tests of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from filelock import FileLock
from sections import Section, read_sections

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Site


@pytest.fixture(scope="session")
def sections(site: Site, shared_folder: Path) -> list[Section]:
    """The sections of the site, read once for all test processes."""
    path = shared_folder / "sections.json"
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            path.write_bytes(msgspec.json.encode(read_sections(site)))
    return msgspec.json.decode(path.read_bytes(), type=list[Section])
