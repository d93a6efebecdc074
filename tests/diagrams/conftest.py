"""A site with diagrams, of its own for each test."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from diagrams_site import ROOT, Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.testing.util import SphinxTestApp


@pytest.fixture
def site(tmp_path: Path, make_app: Callable[..., SphinxTestApp]) -> Site:
    shutil.copytree(ROOT, tmp_path / "site")
    return Site(tmp_path / "site", make_app)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy for tests that change nothing: each format is written once."""
    return shutil.copytree(ROOT, tmp_path_factory.mktemp("diagrams") / "site")


@pytest.fixture
def unchanged(shared: Path, make_app: Callable[..., SphinxTestApp]) -> Site:
    """The site, which the test leaves as it is."""
    return Site(shared, make_app)


@pytest.fixture
def drawn(site: Site) -> Site:
    """The site, where the drawing program is installed."""
    pytest.importorskip("mermaid_render")
    return site
