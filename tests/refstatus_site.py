"""The test site of refstatus: its copies, its builds, and references in all spellings."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx_snapshots.refstatus.domain import ITEM

if TYPE_CHECKING:
    from site_builds import MakeApp
    from sphinx.testing.util import SphinxTestApp

SNAPSHOT = Path("_data/references.jsonl")
GITHUB = "https://github.com/python/cpython"
BPO = "https://bugs.python.org"
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"

# Where ``gh-101`` becomes a link, and where it does not.
PROSE = {
    "paragraph": "See gh-101.",
    "emphasis": "*gh-101* and **gh-101**",
    "heading": "About gh-101\n-------------",
    "caption": ".. figure:: pixel.png\n\n   Drawn for gh-101.\n\n   Legend of gh-101.",
    "code-caption": ".. code-block::\n   :caption: From gh-101\n\n   x",
    "table-title": ".. list-table:: About gh-101\n\n   * - gh-101\n     - x",
    "term": "term of gh-101 : classifier\n   definition",
    "footnote": "Noted [#f]_\n\n.. [#f] In gh-101.",
    "admonition": ".. admonition:: On gh-101\n\n   Body.",
    "topic": ".. topic:: On gh-101\n\n   Body.",
    "line-block": "| gh-101\n| next line",
    "field-body": ":field: gh-101",
    "attribution": "..\n\n   Quoted.\n\n   -- gh-101",
    "rubric": ".. rubric:: gh-101",
    "change": ".. versionchanged:: 3.9 By gh-101.",
    "substitution": "|s|\n\n.. |s| replace:: gh-101",
    "glossary": ".. glossary::\n\n   some term\n      Made by gh-101.",
}

# How a page links to an address: {n} is a number of the link's own.
IN_RST = {
    "bare": "See {url} there.",
    "named": "`Text {n} <{url}>`_",
    "anonymous": "`text <{url}>`__",
    "anonymous-target": "`text`__\n\n__ {url}",
    "target": "name{n}_\n\n.. _name{n}: {url}",
    "list-table": ".. list-table::\n\n   * - {url}\n     - cell",
    "simple-table": f"{'=' * 99}  ===\n{{url:99}}  x\n{'=' * 99}  ===",
    "footnote": "Noted [#note{n}]_\n\n.. [#note{n}] {url}",
    "definition": "term\n   {url}",
    "term": "{url}\n   definition",
    "admonition": ".. note:: {url}",
    "caption": ".. figure:: pixel.png\n\n   {url}",
    "field": ":field: {url}",
    "substitution": "|s{n}|\n\n.. |s{n}| replace:: {url}",
}

IN_MARKDOWN_PROSE = {
    "md-paragraph": "See gh-101.",
    "md-emphasis": "*gh-101* and **gh-101**",
    "md-heading": "## About gh-101",
    "md-table": "| a | b |\n|---|---|\n| gh-101 | x |",
    "md-footnote": "Noted [^f]\n\n[^f]: In gh-101.",
    "md-quote": "> gh-101",
    "md-list": "- gh-101",
    "md-note": "```{note}\ngh-101\n```",
    "md-html": "<b>gh-101</b>",
}

IN_MARKDOWN = {
    "markdown-link": "[text]({url})",
    "markdown-autolink": "<{url}>",
    "markdown-by-reference": "[text][r{n}]\n\n[r{n}]: {url}",
    "markdown-list": "- *<{url}>*",
}


def copy_site(rootdir: Path, tmp_path: Path) -> Path:
    """A copy of the test site that a test may change."""
    return Path(shutil.copytree(rootdir / "test-refstatus", tmp_path / "site"))


def build(
    make_app: MakeApp, site: Path, buildername: str = "html", **options: object
) -> SphinxTestApp:
    app = make_app(buildername, srcdir=site, **options)
    app.build()
    return app


def add_pages(site: Path, pages: dict[str, str], suffix: str = ".rst") -> None:
    """Write pages, each under a heading that is its name, that no toctree holds."""
    for name, text in pages.items():
        page = f"---\norphan: true\n---\n\n# {name}\n\n{text}\n"
        if suffix == ".rst":
            page = f":orphan:\n\n{name}\n{'=' * len(name)}\n\n{text}\n"
        (site / f"{name}{suffix}").write_text(page)


def replace_in_snapshot(site: Path, old: str, new: str) -> None:
    content = (site / SNAPSHOT).read_text()
    assert old in content
    (site / SNAPSHOT).write_text(content.replace(old, new))


def starred(app: SphinxTestApp, docname: str, document: nodes.document | None = None) -> list[str]:
    """The paragraphs of a page as they were read, with a star before each link to an item.

    :param document: the page, if something was done with it before.
    """
    document = app.env.get_doctree(docname) if document is None else document
    for link in list(document.findall(nodes.reference)):
        if ITEM in link:
            link.insert(0, nodes.Text("*"))
    return [paragraph.astext() for paragraph in document.findall(nodes.paragraph)]
