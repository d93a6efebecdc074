"""What `make html` runs: a build that no extension can have use the network, and its report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "build_offline.py"
CONNECTS = """
import socket

def setup(app):
    {statement}
"""


def build(site: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), "out.json", "-q", "-b", "text"]
    command += [*options, ".", "out"]
    return subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "conf.py").touch()
    (tmp_path / "index.rst").write_text("Title\n=====\n")
    return tmp_path


def test_a_build_reports_what_it_did(site: Path) -> None:
    for clean in (True, False):
        done = build(site)
        assert (done.returncode, done.stderr) == (0, "")
        report = json.loads((site / "out.json").read_text())
        assert (report["status"], report["clean"]) == (0, clean)
        assert {"json", "sphinx.builders.text"} <= set(report["modules"])
    assert "Title" in (site / "out" / "index.txt").read_text()


def test_a_build_that_fails_says_so(site: Path) -> None:
    (site / "index.rst").write_text("Long title\n=====\n")
    done = build(site, "-W")
    assert "Title underline too short" in done.stderr
    assert done.returncode == json.loads((site / "out.json").read_text())["status"] == 1


@pytest.mark.parametrize(
    "statement",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket().connect_ex(('127.0.0.1', 9))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 80)",
    ],
)
def test_a_build_cannot_use_the_network(site: Path, statement: str) -> None:
    (site / "conf.py").write_text(CONNECTS.format(statement=statement))
    done = build(site)
    assert done.returncode != 0
    assert "a build must not use the network" in done.stderr
