"""Another project gets what the pages tell it to copy, and that is enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("extension", "page", "text", "command", "shown"),
    [
        ("refstatus", "refstatus.rst", ":gh:`1` and bpo-2", "refresh", 'class="refstatus '),
        ("behavior", "behavior/extension.rst", ".. behavior:: runs", "probe", "It runs."),
    ],
)
def test_a_copied_extension_builds_and_its_command_starts(
    extension: str, page: str, text: str, command: str, shown: str, tmp_path: Path
) -> None:
    told = re.search(
        r"(?:C|, c)opy the (?:folder|package) .+?\n\n", (ROOT / page).read_text(), re.S
    )
    assert told is not None
    modules = re.findall(r"``(\w+\.py)``", told[0].partition("conf.py")[0])
    site, code = tmp_path / "site", tmp_path / "code"
    shutil.copytree(ROOT / "_ext" / extension, code / extension)
    for module in modules:
        shutil.copy(ROOT / "_ext" / module, code)
    (site / "probes" / "some").mkdir(parents=True)
    (site / "probes" / "some" / "runs.py").write_text('"""It runs."""\n')
    (site / "conf.py").write_text(f'extensions = ["{extension}"]\n')
    (site / "index.rst").write_text(f"Title\n=====\n\n{text}\n")
    environment = {"PYTHONPATH": os.fspath(code), "PATH": "/usr/bin:/bin"}
    html = os.fspath(site / "html")
    build = ["sphinx", "-q", "-b", "html", os.fspath(site), html]
    for arguments in (build, [extension, command, "--help"]):
        run = [sys.executable, "-m", *arguments]
        done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert shown in (site / "html" / "index.html").read_text("utf-8")
