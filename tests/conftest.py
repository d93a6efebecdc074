"""Fixtures for all tests: Sphinx's own, the folder of test sites, and the site of this project."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import subprocess_coverage  # noqa: F401  takes variables away that processes would inherit
from docutils import nodes
from filelock import FileLock

pytest_plugins = ["sphinx.testing.fixtures"]

ROOT = Path(__file__).parent.parent

# Builds the site as `make html` does, in a process that cannot reach the network.
_BUILD = """
import json, socket, sys

def refuse(*args, **kwargs):
    raise RuntimeError("a build must not use the network")

socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = refuse

from sphinx.application import Sphinx

source, out, doctrees, report = sys.argv[1:]
app = Sphinx(
    source, source, out, doctrees, "html",
    confoverrides={"nitpicky": True}, warningiserror=True, exception_on_warning=False,
)
app.build()
content = {
    "cited": {
        page: [str(item) for item in items]
        for page, items in app.env.domaindata["refstatus"]["cited"].items()
    },
    "pages": sorted(app.env.all_docs),
    "modules": sorted(sys.modules),
}
with open(report, "w", encoding="utf-8") as file:
    json.dump(content, file)
sys.exit(app.statuscode)
"""


class Report(msgspec.Struct):
    """What a build says of itself.

    :param cited: docname to the keys of the tracker items that the page cites.
    :param pages: the docnames.
    :param modules: every Python module that the build has imported.
    """

    cited: dict[str, list[str]]
    pages: list[str]
    modules: list[str]


class Site(msgspec.Struct):
    """The built site of this project."""

    folder: Path
    report: Report

    def doctree(self, docname: str) -> nodes.document:
        """A page as it was read: comments are still in it, links are not resolved."""
        path = self.folder.parent / "site-doctrees" / f"{docname}.doctree"
        doctree = pickle.loads(path.read_bytes())
        assert isinstance(doctree, nodes.document)
        return doctree

    def html_files(self) -> list[Path]:
        """Every HTML file, generated pages (index, search, 404) included."""
        return sorted(self.folder.rglob("*.html"))


@pytest.fixture(scope="session")
def rootdir() -> Path:
    return Path(__file__).parent / "roots"


@pytest.fixture
def parallel() -> int:
    """How many processes a build has; see ``with_one_process_and_two``."""
    return 1


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder for what is made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def site(shared_folder: Path) -> Site:
    """The site, built once for all test processes; a warning or a connection fails the build."""
    folder, report = shared_folder / "site", shared_folder / "site.json"
    with FileLock(shared_folder / "site.lock"):
        if not report.exists():
            environment = {**os.environ, "TZ": "UTC"}
            places = (ROOT, folder, shared_folder / "site-doctrees", report)
            command = [sys.executable, "-c", _BUILD, *map(os.fspath, places)]
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                report.unlink(missing_ok=True)
                pytest.fail(f"the site does not build:\n{done.stderr}")
    return Site(folder, msgspec.json.decode(report.read_bytes(), type=Report))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the processes begin with what takes longest, so that none is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("starts_first") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which series of CPython the probes were run again."""
    name = "test_a_probe_shows_what_is_committed["
    series = {
        report.nodeid.rpartition("-")[2].rstrip("]")
        for report in [
            *terminalreporter.getreports("passed"),
            *terminalreporter.getreports("failed"),
        ]
        if name in report.nodeid
    }
    if series:
        ordered = sorted(series, key=lambda text: [int(part) for part in text.split(".")])
        terminalreporter.write_line(
            f"Probes were compared on {len(series)} series: {', '.join(ordered)}."
        )
