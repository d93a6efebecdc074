"""What tests of sites share: to edit them, to build them, and to ask a build what it did."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.testing.util import SphinxTestApp

    MakeApp: TypeAlias = Callable[..., SphinxTestApp]

# Put at the end of every page before a build: it is gone from those that were written.
_OLD = "<!-- from an earlier build -->"
# Format to the file of a page.
FILES = {
    "html": "{}.html",
    "dirhtml": "{}/index.html",
    "epub": "{}.xhtml",
    "text": "{}.txt",
}
# Sphinx also writes the parents, in the table of contents, of what it writes.
_PARENT = "index"


class Report(NamedTuple):
    """Which pages a build read, and which it wrote (their parent apart)."""

    read: set[str]
    written: set[str]


NOTHING = Report(set(), set())

#: Has a test build once with one process and once with two, by the fixture ``parallel``.
with_one_process_and_two = pytest.mark.parametrize("parallel", [1, 2])


class Rebuilder:
    """Builds a site again and again, in formats that share the doctrees.

    :param parallel: how many processes read and write.
    """

    def __init__(self, make_app: MakeApp, site: Path, parallel: int = 1) -> None:
        self._make_app = make_app
        self._site = site
        self._parallel = parallel

    def __call__(
        self,
        builder: str = "html",
        settings: dict[str, object] | None = None,
    ) -> Report:
        read: set[str] = set()
        app = self._make_app(
            builder, srcdir=self._site, parallel=self._parallel, confoverrides=settings
        )

        def note_all(app: SphinxTestApp, env: BuildEnvironment, docnames: list[str]) -> None:
            read.update(docnames)

        def note(app: SphinxTestApp, docname: str, source: list[str]) -> None:
            read.add(docname)

        app.connect("source-read", note)
        # What worker processes read is not heard of here, but this tells beforehand.
        app.connect("env-before-read-docs", note_all)
        for path in self._files(app, builder).values():
            path.write_text(path.read_text() + _OLD)
        app.build()
        written = {
            docname
            for docname, path in self._files(app, builder).items()
            if _OLD not in path.read_text()
        }
        # On its own the parent has no reason to be written.
        return Report(read, written - {_PARENT} or written)

    def _files(self, app: SphinxTestApp, builder: str) -> dict[str, Path]:
        pages = (path.stem for path in self._site.iterdir() if path.suffix in {".rst", ".md"})
        files = {docname: app.outdir / FILES[builder].format(docname) for docname in pages}
        return {docname: path for docname, path in files.items() if path.exists()}


def edit(page: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    content = page.read_text()
    assert old in content
    page.write_text(content.replace(old, new))


def warnings(app: SphinxTestApp) -> list[str]:
    """What the author was told, without colors and without the folder of the site."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
    # docutils names an included file from the working folder, if they share a part of their paths.
    for prefix in (f"{app.srcdir}/", f"{os.path.relpath(app.srcdir)}/"):
        text = text.replace(prefix, "")
    return text.splitlines()


def resolved(app: Sphinx, docname: str) -> nodes.document:
    """A page as it is about to be written."""
    return app.env.get_and_resolve_doctree(docname, app.builder, tags=app.tags)
