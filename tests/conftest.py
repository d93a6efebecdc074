"""Fixtures for all tests: Sphinx's own, the folder of test sites, and the site of this project."""

from __future__ import annotations

import gc
import logging
import os
import pickle
import shutil
import subprocess
import sys
from functools import cache, cached_property, partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import pytest
import subprocess_coverage  # noqa: F401  takes variables away that processes would inherit
import turns  # noqa: F401  keeps the day for all processes
from docutils import nodes
from filelock import FileLock
from jinja2 import FileSystemBytecodeCache
from jinja2.sandbox import SandboxedEnvironment
from missing_tools import go_without
from packaging.version import Version
from sphinx.environment import BuildEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from playwright.sync_api import Browser

pytest_plugins = ["sphinx.testing.fixtures"]

ROOT = Path(__file__).parent.parent


class Report(msgspec.Struct):
    """What ``tools/build_offline.py`` says of a build: see there."""

    status: int
    clean: bool
    modules: list[str]


class Site:
    """The built site of this project.

    :param build: the folder of a build, in which ``make html`` leaves what is named here.
    """

    def __init__(self, build: Path) -> None:
        self.folder = build / "html"
        self.report_file = build / "html.json"
        self._doctrees = build / "doctrees"

    @cached_property
    def report(self) -> Report:
        return msgspec.json.decode(self.report_file.read_bytes(), type=Report)

    @cached_property
    def _environment(self) -> BuildEnvironment:
        environment = pickle.loads((self._doctrees / "environment.pickle").read_bytes())
        assert isinstance(environment, BuildEnvironment)
        return environment

    @property
    def pages(self) -> list[str]:
        """The docnames, sorted."""
        return sorted(self._environment.all_docs)

    @property
    def cited(self) -> dict[str, list[str]]:
        """Docname to the keys of the tracker items that the page cites."""
        cited = self._environment.domaindata["refstatus"]["cited"]
        return {
            page: [key for keys in places.values() for key in keys]
            for page, places in cited.items()
        }

    @property
    def labels(self) -> dict[str, tuple[str, str, str]]:
        """Name of each label to docname, anchor and title."""
        labels: dict[str, tuple[str, str, str]] = self._environment.domaindata["std"]["labels"]
        return labels

    def doctree(self, docname: str) -> nodes.document:
        """A page as it was read: comments are still in it, links are not resolved."""
        doctree = pickle.loads((self._doctrees / f"{docname}.doctree").read_bytes())
        assert isinstance(doctree, nodes.document)
        return doctree

    def html_files(self) -> list[Path]:
        """Every HTML file, generated pages (index, search, 404) included."""
        return sorted(self.folder.rglob("*.html"))


@pytest.fixture(scope="session")
def rootdir() -> Path:
    return Path(__file__).parent / "roots"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or Chrome. A process can have one only, whoever wants it.

    The one without windows takes less time for the same pages.
    """
    from playwright.sync_api import sync_playwright  # few processes need it

    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        go_without("there is no Chromium on this machine")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def parallel() -> int:
    """How many processes a build has; see ``with_one_process_and_two``."""
    return 1


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder for what is made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


class _Environment(SandboxedEnvironment):
    """One that compiles no text twice in a process: some templates are of no file."""

    compiled: ClassVar[dict[tuple[object, ...], CodeType]] = {}

    def compile(self, source: Any, *arguments: Any, **options: Any) -> Any:
        # Of `sphinx_snapshots.website`, whose extension reads it while it compiles.
        changes = getattr(self, "website_changes", ())
        key = (source, changes, arguments, *options.items(), *self.extensions)
        if key not in self.compiled:
            self.compiled[key] = super().compile(source, *arguments, **options)
        return self.compiled[key]


@pytest.fixture(scope="session", autouse=True)
def _found_once(shared_folder: Path) -> Iterator[None]:
    """Keep what Sphinx finds out anew for each site: templates, compiled, and installed themes."""
    folder = shared_folder / "templates"
    folder.mkdir(exist_ok=True)
    cached = partial(_Environment, bytecode_cache=FileSystemBytecodeCache(str(folder)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sphinx.jinja2glue.SandboxedEnvironment", cached)
        patch.setattr("sphinx.theming.entry_points", cache(entry_points))
        yield


def build_site(build: Path) -> None:
    """Build the site as ``make html`` does; one process suffices where others run tests."""
    tool, report = ROOT / "tools/build_offline.py", build / "html.json"
    options = ["-W", "--keep-going", "-n", "-b", "html"]
    done = subprocess.run(
        [sys.executable, tool, report, *options, "-d", build / "doctrees", ROOT, build / "html"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"the site does not build:\n{done.stderr}")


@pytest.fixture(scope="session")
def site(shared_folder: Path) -> Site:
    """The site, built once for all test processes; a warning or a connection fails the build.

    The variable ``SITE_BUILD`` names the build folder where ``make html`` has just built it.
    """
    named = os.environ.get("SITE_BUILD")
    site = Site(ROOT / named if named else shared_folder / "site")
    if not named:
        with FileLock(shared_folder / "site.lock"):
            if not site.report_file.exists():
                build_site(site.report_file.parent)
    if not site.report_file.exists() or site.report.status or not site.report.clean:
        pytest.fail(f"{site.folder} is not the result of one clean build without warnings")
    return site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each process begin with some of what takes longest, so that none is left with it.

    A process gets a part of the list, and takes from the others' parts when it is through.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("starts_first")]
    rest = [item for item in items if not item.get_closest_marker("starts_first")]
    size = -(-len(rest) // processes)
    items[:] = [
        item
        for number in range(processes)
        for item in (*long[number::processes], *rest[number * size : (number + 1) * size])
    ]


def pytest_configure() -> None:
    """Spare what costs time in each of the hundreds of sites that are built here."""
    # As ``make html`` does.
    gc.set_threshold(50_000)
    # Sphinx makes six hundred messages of this kind for a site; no test reads them.
    logging.disable(logging.DEBUG)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark each test with the name of its folder in ``tests``."""
    for folder in item.path.relative_to(ROOT / "tests").parts[:-1][:1]:
        item.add_marker(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which versions of CPython the probes were run again."""
    name = "test_probes_show_what_is_committed["
    versions = {
        report.nodeid.rpartition("-")[2].rstrip("]")
        for report in [
            *terminalreporter.getreports("passed"),
            *terminalreporter.getreports("failed"),
        ]
        if name in report.nodeid
    }
    if versions:
        names = ", ".join(map(str, sorted(map(Version, versions))))
        terminalreporter.write_line(f"Versions on which probes were compared: {names}.")
