"""The site is the same, byte for byte, wherever and however it is built."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT


class Circumstances(NamedTuple):
    """What must not matter: the folder, the time zone, the order of sets, the processes."""

    folder: str
    time_zone: str
    hash_seed: str
    jobs: str


HERE = Circumstances("a", "UTC", "1", "1")
ELSEWHERE = Circumstances("in/quite/another/folder", "Asia/Tokyo", "4242", "8")


def build(base: Path, where: Circumstances) -> dict[str, bytes]:
    """Clone the committed tree and build it; path to content of each file of the site."""
    source = base / where.folder
    out = source / "_build/html"
    subprocess.run(["git", "clone", "--quiet", ROOT, source], check=True)
    # The environment of whoever runs the tests must not be what makes both alike.
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"SOURCE_DATE_EPOCH", "PYTHONPATH"} and not name.startswith(("LC_", "COV"))
    }
    environment |= {"TZ": where.time_zone, "PYTHONHASHSEED": where.hash_seed}
    command = [sys.executable, "-m", "sphinx", "--quiet", "-n", "-j", where.jobs]
    done = subprocess.run(
        [*command, "-d", source / "_build/doctrees", source, out],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {
        os.fspath(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


@pytest.mark.starts_first
@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone of the repository")
def test_the_site_is_the_same_in_another_place_zone_and_process(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        here, elsewhere = pool.map(lambda where: build(tmp_path, where), (HERE, ELSEWHERE))
    assert len(here) > 50
    assert here.keys() == elsewhere.keys()
    assert [name for name, content in here.items() if content != elsewhere[name]] == []
