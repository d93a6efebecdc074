"""Lists, summaries, index entries and the exported file: what the site cites, at a glance."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from refstatus.directives import TABLE_CLASS
from test_refstatus_build import SNAPSHOT, build, replace_in_snapshot

if TYPE_CHECKING:
    from sphinx.testing.util import SphinxTestApp
    from test_refstatus_build import MakeApp

OVERVIEW = """
Overview
========

.. refstatus-summary::

.. refstatus-list::

Pull requests
-------------

.. refstatus-list::
   :kind: pull
   :state: open, draft

:gh:`102`

.. refstatus-summary::
   :section:

.. refstatus-summary::
   :page: markdown
"""


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    """The test site with a page of lists and summaries."""
    folder = Path(shutil.copytree(rootdir / "test-refstatus", tmp_path / "site"))
    index = folder / "index.rst"
    index.write_text(index.read_text() + "   overview\n")
    (folder / "overview.rst").write_text(OVERVIEW)
    return folder


def tables(app: SphinxTestApp) -> list[list[list[str]]]:
    """The lists of the page: rows of cells, without the heading."""
    doctree = app.env.get_and_resolve_doctree("overview", app.builder, tags=app.tags)
    return [
        [
            [text_of(cell) for cell in row.findall(nodes.entry)]
            for body in table.findall(nodes.tbody)
            for row in body.findall(nodes.row)
        ]
        for table in doctree.findall(nodes.table)
        if TABLE_CLASS in table["classes"]
    ]


def text_of(cell: nodes.entry) -> str:
    """The text of a cell, with the line breaks that a reader sees."""
    lines = [line.astext() for line in cell.findall(nodes.line)]
    return "\n".join(lines) or cell.astext()


def test_a_list_has_each_item_once_with_where_it_is_cited(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    rows = tables(app)[0]
    by_name = {row[0].split(" ")[0]: row for row in rows}
    assert len(by_name) == len(rows) == 16
    assert by_name["gh-84692"] == [
        "gh-84692 (completed) (bpo-40512) Meta issue: per-interpreter GIL",
        "opened 2020-05-05",
        "Roles\nLinks\nMarkdown",
    ]
    assert by_name["gh-20085"][1:] == ["merged 2020-12-26\nfirst in 3.10.0a4", "Roles\nLinks"]
    assert by_name["@5d38517"][1] == "committed 2020-02-18\nfirst in 3.9.0a4"
    assert by_name["gh-102"][2] == "Roles\nLinks\nMarkdown\nOverview: Pull requests"
    assert by_name["python/peps#4"][2] == "Roles\nLinks"
    states = [re.findall(r"\((.*?)[,)]", row[0])[0] for row in rows]
    assert states == sorted(
        states,
        key=[
            "open",
            "draft",
            "completed",
            "not planned",
            "duplicate",
            "closed",
            "merged",
            "commit",
            "missing",
            "unknown",
        ].index,
    )


def test_a_list_can_be_of_some_kinds_and_states(make_app: MakeApp, site: Path) -> None:
    rows = tables(build(make_app, site, "dummy"))[1]
    assert [row[0] for row in rows] == [
        "gh-104 (open) An open change",
        "gh-105 (draft) A draft",
    ]


def test_summaries_count_for_site_section_and_page(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "text")
    text = " ".join((app.outdir / "overview.txt").read_text().split())
    assert (
        "16 references: 4 open, 1 draft, 1 completed, 1 not planned, 1 duplicate, 2 closed, "
        "1 merged, 1 commit, 1 missing, 3 unknown" in text
    )
    assert "1 reference: 1 not planned" in text
    assert "5 references: 2 open, 1 completed, 1 not planned, 1 closed" in text


@pytest.mark.parametrize(
    ("option", "message"),
    [(":state: gone", "gone: choose from open, draft"), (":kind:", "nothing: choose from issue")],
)
def test_a_wrong_option_names_the_right_ones(
    make_app: MakeApp, site: Path, option: str, message: str
) -> None:
    (site / "overview.rst").write_text(f"X\n=\n\n.. refstatus-list::\n   {option}\n")
    app = build(make_app, site, "dummy")
    assert message in app.warning.getvalue()


@pytest.mark.parametrize(
    "name", ["html", "dirhtml", "singlehtml", "epub", "latex", "man", "texinfo"]
)
def test_every_format_shows_the_lists(make_app: MakeApp, site: Path, name: str) -> None:
    app = build(make_app, site, name, freshenv=True)
    assert app.warning.getvalue() == ""


def test_links_in_a_list_lead_to_the_sections(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site)
    page = (app.outdir / "overview.html").read_text()
    assert 'href="roles.html#roles"' in page
    assert 'href="#pull-requests"' in page
    assert 'id="python-cpython-84692"' in page
    assert 'aria-hidden="true"' in page


def test_only_pages_with_a_list_load_the_script(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site)
    with_script = {
        path.name for path in app.outdir.glob("*.html") if "refstatus.js" in path.read_text()
    }
    assert with_script == {"overview.html"}
    assert (app.outdir / "_static/refstatus.js").exists()


def test_the_general_index_leads_to_the_citing_sections(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site)
    index = (app.outdir / "genindex.html").read_text()
    for entry in ("bpo-40512", "gh-101", "python/peps#4", "commit @5d38517"):
        assert entry in index
    assert 'href="overview.html#pull-requests"' in index


def test_entries_in_the_general_index_can_be_left_out(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, confoverrides={"refstatus_index": False})
    assert "bpo-40512" not in (app.outdir / "genindex.html").read_text()


def test_other_tools_can_read_what_the_site_knows(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site)
    content = json.loads((app.outdir / "references.json").read_text())
    assert (content["format"], content["refreshed"], len(content["items"])) == (1, "2026-11-22", 16)
    by_key = {item["key"]: item for item in content["items"]}
    assert by_key["python/cpython#20085"] == {
        "key": "python/cpython#20085",
        "names": ["python/cpython#20085"],
        "url": "https://github.com/python/cpython/pull/20085",
        "kind": "pull",
        "state": "merged",
        "title": "Interned strings",
        "opened": None,
        "closed": "2020-12-26",
        "first_release": "3.10.0a4",
        "reverted_by": "python/cpython#30422",
        "cited_in": [
            {"page": "roles.html", "anchor": "roles", "title": "Roles"},
            {"page": "links.html", "anchor": "links", "title": "Links"},
        ],
    }
    assert by_key["python/cpython#84692"]["names"] == ["bpo-40512", "python/cpython#84692"]


def test_an_export_is_not_made_for_other_formats_or_when_unwanted(
    make_app: MakeApp, site: Path
) -> None:
    app = build(make_app, site, "text")
    assert not (app.outdir / "references.json").exists()
    app = build(make_app, site, confoverrides={"refstatus_export": False})
    assert not (app.outdir / "references.json").exists()


def test_a_page_with_a_list_is_written_when_another_page_cites_something_new(
    make_app: MakeApp, site: Path
) -> None:
    build(make_app, site)
    (site / "none.rst").write_text("Newly citing\n============\n\n:gh:`777`\n")
    app = build(make_app, site)
    assert "Newly citing" in (app.outdir / "overview.html").read_text()
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    app = build(make_app, site)
    assert "Rejected for good" in (app.outdir / "overview.html").read_text()


def test_badges_can_be_for_some_builders_only(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "text", confoverrides={"refstatus_badges": ["html"]})
    text = (app.outdir / "roles.txt").read_text()
    assert "States: gh-101, gh-84692, gh-102," in text


def test_repositories_can_be_limited(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "text", confoverrides={"refstatus_repositories": []})
    assert "python/peps#4." in (app.outdir / "roles.txt").read_text()
    app = build(make_app, site, "text", confoverrides={"refstatus_repositories": ["Python/PEPs"]})
    assert "python/peps#4 (open)." in (app.outdir / "roles.txt").read_text()


def test_an_old_snapshot_is_reported_if_asked_for(make_app: MakeApp, site: Path) -> None:
    replace_in_snapshot(site, '"refreshed":"2026-11-22"', '"refreshed":"2001-01-01"')
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    app = build(make_app, site, "dummy", confoverrides={"refstatus_max_age": 30})
    assert "more than refstatus_max_age = 30; refresh it" in app.warning.getvalue()
    assert SNAPSHOT.name in app.warning.getvalue()
