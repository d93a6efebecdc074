"""Changes by release: stated once, on the pages, and collected."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from site_builds import (
    NOTHING,
    Rebuilder,
    Report,
    edit,
    resolved,
    warnings,
    with_one_process_and_two,
)

if TYPE_CHECKING:
    from site_builds import MakeApp
    from sphinx.testing.util import SphinxTestApp

# Not what these tests are about: the probe of the test site is on no page.
SILENT: dict[str, object] = {"suppress_warnings": ["behavior"]}


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return Path(shutil.copytree(rootdir / "test-releases", tmp_path / "site"))


def build(make_app: MakeApp, site: Path, builder: str = "html") -> SphinxTestApp:
    app = make_app(builder, srcdir=site, confoverrides=SILENT)
    app.build()
    return app


def lists(app: SphinxTestApp) -> list[list[str]]:
    """The items of each list of changes."""
    doctree = resolved(app, "index")
    found = [node for node in doctree.findall(nodes.bullet_list) if "toctree" not in str(node)]
    return [[item.astext() for item in one.children] for one in found if one.children]


def test_marked_paragraphs_are_listed_by_release_in_reading_order(
    make_app: MakeApp, site: Path
) -> None:
    app = build(make_app, site)
    told = "Since 3.12 this is so, says gh-7. (First: A section)"
    assert lists(app)[-2:] == [["A list says this. (Second)", told], [told]]
    html = (app.outdir / "index.html").read_text()
    assert 'href="first.html#a-section">First: A section</a>' in html
    # A link of the paragraph leads from here, not from where it was written.
    assert 'href="#in-3-12"><span class="std std-ref">this</span>' in html
    assert "Not marked" not in html
    assert warnings(app) == []


def test_the_list_has_no_second_copy_of_evidence_and_ids(make_app: MakeApp, site: Path) -> None:
    edit(site / "first.rst", "Since 3.12", "_`Since 3.12`")
    app = build(make_app, site)
    assert 'id="since-3-12"' in (app.outdir / "first.html").read_text()
    assert "refstatus-open" in (app.outdir / "first.html").read_text()
    assert "behavior-mark" in (app.outdir / "first.html").read_text()
    html = (app.outdir / "index.html").read_text()
    assert "refstatus-open" not in html
    assert "run-" not in html
    assert 'id="since-3-12"' not in html


def test_nothing_of_the_mark_is_on_its_own_page(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "text")
    assert (app.outdir / "second.txt").read_text() == "Second\n******\n\n* A list says this.\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".. changed-in:: 4.0\n\nText.", "'4.0' is not a release; write it like 3.12"),
        (
            ".. changed-in:: 3.12\n\n- A list.",
            "a mark must stand right before a paragraph, with an empty line between them",
        ),
        (
            ".. changed-in:: 3.12",
            "a mark must stand right before a paragraph, with an empty line between them",
        ),
    ],
)
def test_a_mark_that_marks_nothing_is_a_warning(
    make_app: MakeApp, site: Path, text: str, message: str
) -> None:
    (site / "wrong.rst").write_text(f":orphan:\n\nWrong\n=====\n\n{text}\n")
    assert warnings(build(make_app, site)) == [f"wrong.rst:6: WARNING: {message} [releases.mark]"]


def test_a_list_without_changes_and_changes_without_a_list_are_warnings(
    make_app: MakeApp, site: Path
) -> None:
    edit(site / "first.rst", "3.12 3.13", "3.12 3.14")
    assert [line.partition("WARNING: ")[2] for line in warnings(build(make_app, site, "text"))] == [
        "no paragraph is marked with '.. changed-in:: 3.13' [releases.empty]",
        "a paragraph is marked for 3.14, which no page lists [releases.unlisted]",
    ]


@with_one_process_and_two
def test_the_list_follows_the_pages(make_app: MakeApp, site: Path, parallel: int) -> None:
    rebuild = Rebuilder(make_app, site, parallel)
    rebuild(settings=SILENT)
    assert rebuild(settings=SILENT) == NOTHING
    edit(site / "first.rst", "is *so*", "is *otherwise*")
    # The list is on the page that is everybody's parent, which the report leaves out.
    assert rebuild(settings=SILENT) == Report({"first"}, {"first"})
    page = next(site.rglob("_build/html/index.html")).read_text()
    assert "otherwise" in page


def test_no_other_extension_is_needed(make_app: MakeApp, site: Path) -> None:
    edit(site / "conf.py", '    "sphinx_snapshots.behavior",\n', "")
    edit(site / "conf.py", '    "sphinx_snapshots.refstatus",\n', "")
    edit(site / "first.rst", " :probe:`one`", "")
    app = make_app("text", srcdir=site)
    app.build()
    assert warnings(app) == []
    assert not {"refstatus", "behavior"} & set(app.env.domains)
    assert lists(app)[-1] == ["Since 3.12 this is so, says gh-7. (First: A section)"]


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub", "latex", "man", "texinfo"])
def test_every_format_is_built_without_a_warning(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    assert warnings(build(make_app, site, builder)) == []
