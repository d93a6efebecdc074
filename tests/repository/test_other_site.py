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
    command += ["--set", "refstatus_number_pages={'elsewhere': 'o/r'}"]
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


FAULTY = """
import uuid
from docutils import nodes
from sphinx.util import logging

extensions = []
project = copyright = "Other"
html_theme = "basic"

def spoil(app, doctree, docname):
    for link in doctree.findall(nodes.reference):
        link["refuri"] = link["refuri"].replace("example.org", "elsewhere.org")
    for paragraph in doctree.findall(nodes.paragraph):
        if "unread" in paragraph.astext():
            paragraph += nodes.Text(" and a word that nobody wrote")
    logging.getLogger(__name__).warning("A warning that is new.")

def name_at_random(app, doctree, docname):
    for paragraph in doctree.findall(nodes.paragraph):
        paragraph += nodes.reference("", "", nodes.Text("x"), refuri=f"#{uuid.uuid4()}")

def setup(app):
    app.connect("doctree-resolved", name_at_random)
    if "sphinx_snapshots.refstatus" in app.config.extensions:
        app.connect("doctree-resolved", spoil, priority=100)
"""


def test_faults_of_an_extension_are_found(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(FAULTY)
    (docs / "index.rst").write_text(
        "Page\n====\n\nA link to `one <https://example.org/>`__.\n\nAnd what is unread.\n"
    )
    report = tmp_path / "report.json"
    command: list[str | Path] = [sys.executable, SCRIPT, docs, "--work", tmp_path / "work"]
    subprocess.run([*command, "--report", report], capture_output=True, check=True)
    found = json.loads(report.read_bytes())
    # What differs from build to build by itself is none of them.
    assert found["links lost"] == {"https://example.org/": 1}
    assert found["links made"] == {"https://elsewhere.org/": 1}
    assert found["pages with other text"] == ["index.html"]
    assert found["new warnings"] == {"WARNING: A warning that is new.": 1}


def test_a_build_that_fails_with_it_alone_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('project = "Other"\nhtml_theme = "basic"\n')
    (tmp_path / "index.rst").write_text(PAGE)
    command: list[str | Path] = [sys.executable, SCRIPT, tmp_path, "--work", tmp_path / "work"]
    command += ["--set", "refstatus_repository=no repository"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ended with" in done.stderr
