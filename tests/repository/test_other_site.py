"""The script that tries refstatus on the documentation of another project."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "other_site.py"
PAGE = """
Page
====

A link to `one <https://github.com/o/r/issues/1>`__, gh-2, a bare #3, PR 4 and o/r#5.

.. raw:: html

   <a href="https://github.com/o/r/pull/6">six</a>

:nosuch:`role`
"""


def test_a_site_is_built_twice_and_what_differs_is_reported(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text('project = copyright = "Other"\nhtml_theme = "basic"\n')
    (docs / "index.rst").write_text(PAGE)
    report = tmp_path / "report.json"
    command: list[str | Path] = [
        sys.executable,
        SCRIPT,
        docs,
        "--work",
        tmp_path / "work",
        "--report",
        report,
    ]
    command += ["--set", "refstatus_repository=o/r"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(report.read_bytes())
    assert found["badges"] == 2
    assert found["links made"] == {"https://github.com/o/r/issues/2": 1}
    assert found["links lost"] == {}
    assert found["links without a badge"] == {"https://github.com/o/r/pull/6": 1}
    assert found["words that are no link"] == {"owner/name#N": 1, "PR N": 1, "#N": 1}
    # The project's own warnings are no news.
    assert found["new warnings"] == {}
    assert found["status"] == [0, 0]
    assert all(seconds > 0 for seconds in found["seconds"])


def test_a_build_that_fails_with_it_alone_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('project = "Other"\nhtml_theme = "basic"\n')
    (tmp_path / "index.rst").write_text(PAGE)
    command: list[str | Path] = [sys.executable, SCRIPT, tmp_path, "--work", tmp_path / "work"]
    command += ["--set", "refstatus_repository=no repository"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ended with" in done.stderr
