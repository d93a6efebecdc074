"""Changes by release: stated once, on the pages, and collected."""

from __future__ import annotations

import re
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
from sphinx.errors import ExtensionError

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
    # Once: the list of the other release leads to the section.
    again = "First: A section, told under 3.12."
    assert lists(app)[-2:] == [["A list says this. (Second)", told], [again]]
    html = (app.outdir / "index.html").read_text()
    assert html.count('href="first.html#a-section">First: A section</a>') == 2
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


GROUPS = {"python": "For Python code", "exit": "At exit", "": "Inside"}


def grouped(app: SphinxTestApp) -> list[tuple[str, str]]:
    """The heading and the changes of each group of each list."""
    found = resolved(app, "index").findall(nodes.definition_list_item)
    return [(item.children[0].astext(), item.children[1].astext()) for item in found]


def test_changes_are_grouped_in_the_order_of_the_setting_and_what_breaks_code_is_marked(
    make_app: MakeApp, site: Path
) -> None:
    edit(site / "first.rst", "3.12 3.13\n", "3.12 3.13\n   :for: python\n   :breaks:\n")
    app = make_app("html", srcdir=site, confoverrides={**SILENT, "releases_groups": GROUPS})
    app.build()
    told = "May break code. Since 3.12 this is so, says gh-7. (First: A section)"
    again = "May break code. First: A section, told under 3.12."
    assert grouped(app) == [
        ("For Python code", told),
        # What names no group stands below the heading for it; a group without changes is left out.
        ("Inside", "A list says this. (Second)"),
        ("For Python code", again),
    ]
    html = (app.outdir / "index.html").read_text()
    assert html.count('<strong class="releases-breaks">May break code.</strong> Since 3.12') == 1
    assert html.count('<strong class="releases-breaks">May break code.</strong> <a ') == 1
    assert "releases-breaks" not in (app.outdir / "first.html").read_text()
    assert warnings(app) == []
    # Without a heading, what names no group stands before the groups.
    del (groups := dict(GROUPS))[""]
    app = make_app("html", srcdir=site, confoverrides={**SILENT, "releases_groups": groups})
    app.build()
    assert grouped(app) == [("For Python code", told), ("For Python code", again)]
    assert ["A list says this. (Second)"] in lists(app)


def test_a_group_that_is_not_in_the_setting_is_a_warning(make_app: MakeApp, site: Path) -> None:
    edit(site / "first.rst", "3.12 3.13\n", "3.12 3.13\n   :for: snakes\n")
    app = make_app("text", srcdir=site, confoverrides={**SILENT, "releases_groups": GROUPS})
    app.build()
    message = "there is no group 'snakes'; releases_groups has: python, exit [releases.mark]"
    assert [line.partition("WARNING: ")[2] for line in warnings(app)] == [message]


def test_groups_that_cannot_be_used_stop_the_build(make_app: MakeApp, site: Path) -> None:
    expected = "releases_groups is {'a': 1}; write a dictionary of names of groups to their heading"
    with pytest.raises(ExtensionError, match=re.escape(expected)):
        make_app("text", srcdir=site, confoverrides={"releases_groups": {"a": 1}})


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
    assert lists(app)[-2][1:] == ["Since 3.12 this is so, says gh-7. (First: A section)"]


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub", "latex", "man", "texinfo"])
def test_every_format_is_built_without_a_warning(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    assert warnings(build(make_app, site, builder)) == []
