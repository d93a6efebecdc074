"""Lists, summaries, index entries and the exported file: what the site cites, at a glance."""

from __future__ import annotations

import json
import re
import typing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from docutils import nodes
from refstatus_site import SNAPSHOT, add_pages, build, copy_site, replace_in_snapshot
from site_builds import edit, resolved
from sphinx_snapshots.refstatus import directives
from sphinx_snapshots.refstatus.badges import BadgeWords
from sphinx_snapshots.refstatus.directives import GROUP_CLASS, TABLE_CLASS
from sphinx_snapshots.refstatus.html import look_of
from sphinx_snapshots.refstatus.items import CitedItem, sort_items
from sphinx_snapshots.refstatus.model import Reference, State, Status
from sphinx_snapshots.refstatus.snapshot import (
    CommitRecord,
    Header,
    IssueRecord,
    MissingRecord,
    PullRecord,
    Record,
    Snapshot,
)
from sphinx_snapshots.refstatus.words import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builds import MakeApp
    from sphinx.testing.util import SphinxTestApp

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

.. refstatus-list::
   :group: page

.. refstatus-list::
   :group: state
   :sort: closed
"""

# What each way to sort and to group has to tell apart; with records of its own, see below.
CITED = """
Cited
=====

:gh:`101`, :gh:`python/peps#4`, :bpo:`99999`

Section
-------

:gh:`102`, :gh:`20085`, :gh:`84692`, :gh:`python/cpython@1111111`, :gh:`python/cpython@5d38517`
"""
OTHER = """
Other
=====

:gh:`102`

Section
-------

:gh:`102`, :gh:`101`
"""
COMMIT = '{"kind":"commit","key":"python/cpython@5d38517'
LATER_COMMIT = '{"kind":"commit","key":"python/cpython@1111111","committed":"2021-03-01"}\n'


def copy_with_lists(rootdir: Path, folder: Path) -> Path:
    """A copy of the test site with a page of lists and summaries."""
    site = copy_site(rootdir, folder)
    index = site / "index.rst"
    index.write_text(index.read_text() + "   overview\n")
    (site / "overview.rst").write_text(OVERVIEW)
    return site


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    """The test site with a page of lists and summaries."""
    return copy_with_lists(rootdir, tmp_path)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Path:
    """The same for tests that change nothing: each format is written once."""
    return copy_with_lists(rootdir, tmp_path_factory.mktemp("lists"))


def rows_of(part: nodes.Element) -> Iterator[nodes.row]:
    """The rows of the lists in ``part``, without the headings."""
    for table in part.findall(nodes.table):
        if TABLE_CLASS in table["classes"]:
            yield from next(table.findall(nodes.tbody)).findall(nodes.row)


def tables(app: SphinxTestApp) -> list[list[list[str]]]:
    """The lists of the page: rows of cells, without the heading."""
    return [
        [[text_of(cell) for cell in row.findall(nodes.entry)] for row in rows_of(table)]
        for table in resolved(app, "overview").findall(nodes.table)
        if TABLE_CLASS in table["classes"]
    ]


def text_of(cell: nodes.entry) -> str:
    """The text of a cell, with the line breaks that a reader sees."""
    cell = cell.deepcopy()
    for words in list(cell.findall(BadgeWords)):  # which are no part of any text
        words.replace_self(words.children)
    lines = [line.astext() for line in cell.findall(nodes.line)]
    return "\n".join(lines) or cell.astext()


def test_a_list_has_each_item_once_with_where_it_is_cited(
    make_app: MakeApp, unchanged: Path
) -> None:
    app = build(make_app, unchanged, "dummy")
    assert app.warning.getvalue() == ""
    rows = tables(app)[0]
    by_name = {row[0].split(" ")[0]: row for row in rows}
    assert len(by_name) == len(rows) == 16
    assert by_name["gh-84692"] == [
        "gh-84692 (completed) (bpo-40512) Meta issue: per-interpreter GIL",
        "issue\nopened 2020-05-05",
        "Roles\nLinks\nMarkdown",
    ]
    assert by_name["bpo-99999"][0] == "bpo-99999 (unknown)"
    assert by_name["gh-20085"][1:] == [
        "pull request\nmerged 2020-12-26\nfirst in 3.10.0a4\nreverted by gh-30422",
        "Roles\nLinks",
    ]
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


def test_a_list_can_be_of_some_kinds_and_states(make_app: MakeApp, unchanged: Path) -> None:
    rows = tables(build(make_app, unchanged, "dummy"))[1]
    assert [row[0] for row in rows] == [
        "gh-104 (open) An open change",
        "gh-105 (draft) A draft",
    ]


def test_summaries_count_for_site_section_and_page(make_app: MakeApp, unchanged: Path) -> None:
    app = build(make_app, unchanged, "text")
    text = " ".join((app.outdir / "overview.txt").read_text().split())
    assert (
        "16 references: 4 open, 1 draft, 1 completed, 1 not planned, 1 duplicate, 2 closed, "
        "1 merged, 1 commit, 1 missing, 3 unknown" in text
    )
    assert "1 reference: 1 not planned" in text
    assert "5 references: 2 open, 1 completed, 1 not planned, 1 closed" in text


def test_the_bar_of_a_summary_has_the_share_of_each_state(
    make_app: MakeApp, unchanged: Path
) -> None:
    page = (build(make_app, unchanged).outdir / "overview.html").read_text()
    bars = re.findall(r'<svg class="refstatus-bar"[^>]*aria-hidden="true"[^>]*>(.*?)</svg>', page)
    share = re.compile(r'<rect class="refstatus-share refstatus-([\w-]+)" x="(\d+)" width="(\d+)"')
    shares = [[(look, int(x), int(width)) for look, x, width in share.findall(bar)] for bar in bars]
    for bar in shares:
        assert [x for _, x, _ in bar] == [sum(w for _, _, w in bar[:n]) for n in range(len(bar))]
    assert [[(look, width) for look, _, width in bar] for bar in shares] == [
        [
            *[("open", 4), ("draft", 1), ("completed", 1), ("not-planned", 1), ("duplicate", 1)],
            *[("closed", 2), ("merged", 1), ("commit", 1), ("missing", 1), ("unknown", 3)],
        ],
        [("not-planned", 1)],
        [("open", 2), ("completed", 1), ("not-planned", 1), ("closed", 1)],
    ]


def badges_there_can_be() -> set[tuple[str, str]]:
    """Look and words of the badge of every record that can be written, and of none."""
    states = {record: words_of(record, "state") for record in (IssueRecord, PullRecord)}
    records: list[Record] = [
        *(IssueRecord("o/r#1", state=state) for state in states[IssueRecord]),
        *(
            IssueRecord("o/r#1", state="closed", reason=reason)
            for reason in words_of(IssueRecord, "reason")
        ),
        *(PullRecord("o/r#1", state=state) for state in states[PullRecord]),
        # What was never merged cannot be taken back.
        PullRecord("o/r#1", state="merged", reverted_by="o/r#2"),
        CommitRecord("o/r@1234567"),
        CommitRecord("o/r@1234567", reverted_by="o/r#2"),
        MissingRecord("o/r#1"),
    ]
    header = Header(format=1, refreshed=date(2026, 11, 22), source="tests")
    found = [Snapshot.empty().status(Reference.bpo(1))]
    for record in records:
        found.append(Snapshot(header, {record.key: record}).status_of(record.key))
    return {(look_of(status), Wording("en").badge(status).words) for status in found}


def words_of(record: type[Record], name: str) -> list[Any]:
    """The words that a field of a record can have."""
    kind = typing.get_type_hints(record)[name]
    literals = [kind, *typing.get_args(kind)]
    return [word for part in literals if get_origin(part) is Literal for word in get_args(part)]


def test_the_legend_shows_every_badge_that_there_can_be(make_app: MakeApp, site: Path) -> None:
    (site / "overview.rst").write_text("X\n=\n\n.. refstatus-legend::\n")
    page = (build(make_app, site).outdir / "overview.html").read_text()
    shown = re.findall(r'<span class="refstatus refstatus-([\w-]+)"[^>]*> ([^<]+)</span>', page)
    assert len(shown) == len(set(shown))
    assert set(shown) == badges_there_can_be()
    assert {words.removesuffix(", reverted") for _, words in shown} == set(State)


def test_every_look_has_a_shape_of_its_own() -> None:
    style = (Path(directives.__file__).parent / "static/refstatus.css").read_text()
    shapes = {}
    for selectors, rules in re.findall(r"((?:\.refstatus-[\w-]+[,\s]+)+)\{([^}]*)\}", style):
        shape = re.search(r"--refstatus-shape: url\((.+?)\);", rules)
        if shape:
            # What comes later counts.
            shapes.update(dict.fromkeys(re.findall(r"\.refstatus-([\w-]+)", selectors), shape[1]))
    assert shapes.keys() == {look for look, _ in badges_there_can_be()}
    assert len(set(shapes.values())) == len(shapes)
    for drawing in shapes.values():
        assert drawing.startswith("\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'")
        ElementTree.fromstring(unquote(drawing.strip('"').partition(",")[2]))


def test_a_wrong_option_names_the_right_ones(make_app: MakeApp, site: Path) -> None:
    wrong = {
        ":state: gone": "gone: choose from open, draft",
        ":kind:": "nothing: choose from issue",
        ":sort: title": '"title" unknown; choose from "state", "number", "opened", or "closed"',
        ":group: label": (
            '"label" unknown; choose from "none", "state", "kind", "repository", or "page"'
        ),
        ":group:": 'choose from "none", "state"',
    }
    add_pages(site, {f"wrong-{n}": f".. refstatus-list::\n   {o}" for n, o in enumerate(wrong)})
    told = build(make_app, site, "dummy").warning.getvalue()
    for number, message in enumerate(wrong.values()):
        assert message in told.partition(f"wrong-{number}.rst:6: ERROR:")[2].partition("wrong-")[0]


@pytest.fixture
def dated(site: Path) -> Path:
    """The test site with two pages whose items differ in all that a list goes by."""
    replace_in_snapshot(site, COMMIT, LATER_COMMIT + COMMIT)
    for old, new in (
        ('"title":"Not now"', '"title":"Not now","opened":"2020-06-01","closed":"2021-01-01"'),
        ('"title":"Interned strings"', '"title":"Interned strings","opened":"2020-05-14"'),
        ('"title":"Moved here"', '"title":"Moved here","opened":"2022-02-02"'),
    ):
        replace_in_snapshot(site, old, new)
    index = site / "index.rst"
    index.write_text(index.read_text() + "   other\n   cited\n")
    (site / "cited.rst").write_text(CITED)
    (site / "other.rst").write_text(OTHER)
    return site


def show_lists(make_app: MakeApp, site: Path, *lists: list[str]) -> list[nodes.document]:
    """Pages with one list each, resolved; the first is ``overview``."""
    names = ["overview", *(f"list-{number}" for number in range(1, len(lists)))]
    for name, options in zip(names, lists, strict=True):
        lines = [".. refstatus-list::", *(f"   {line}" for line in options)]
        orphan = ":orphan:\n\n" * (name != "overview")
        (site / f"{name}.rst").write_text("\n".join([f"{orphan}Overview\n========\n", *lines]))
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    return [resolved(app, name) for name in names]


def show_list(make_app: MakeApp, site: Path, *options: str) -> nodes.document:
    """A page with one list, resolved."""
    [page] = show_lists(make_app, site, [*options])
    return page


def names_in(part: nodes.Element) -> list[str]:
    """Which items stand in ``part``, in their order."""
    return [next(row.findall(nodes.reference))[0].astext() for row in rows_of(part)]


def test_a_list_is_sorted_as_asked_for(make_app: MakeApp, dated: Path) -> None:
    by_state = "gh-101 python/peps#4 gh-84692 gh-102 gh-20085 @5d38517 @1111111 bpo-99999"
    sorted_by = {
        "": by_state,
        ":sort: state": by_state,
        ":sort: number": (
            "gh-101 gh-102 gh-20085 gh-84692 @5d38517 @1111111 bpo-99999 python/peps#4"
        ),
        ":sort: opened": (
            "python/peps#4 @1111111 gh-102 gh-20085 gh-101 gh-84692 @5d38517 bpo-99999"
        ),
        ":sort: closed": (
            "@1111111 gh-102 gh-20085 @5d38517 python/peps#4 gh-101 gh-84692 bpo-99999"
        ),
    }
    pages = show_lists(make_app, dated, *([":page: cited", option] for option in sorted_by))
    found = {option: names_in(page) for option, page in zip(sorted_by, pages, strict=True)}
    assert found == {option: names.split() for option, names in sorted_by.items()}


def test_a_commit_without_a_date_follows_those_with_one() -> None:
    days = {"@1111111": None, "@2222222": date(2021, 1, 1), "@3333333": date(2020, 1, 1)}
    commits = {f"o/r{name}": day for name, day in days.items()}
    items = [
        CitedItem(Status(reference, State.COMMIT, opened=day), (reference,), ())
        for reference, day in ((Reference.from_key(key), day) for key, day in commits.items())
    ]
    found = [item.status.reference.commit for item in sort_items(items, "number", "o/r")]
    assert found == ["3333333", "2222222", "1111111"]


def groups_in(page: nodes.document) -> dict[str, list[str]]:
    """Heading and items of each group, in their order."""
    return {
        next(group.findall(nodes.rubric)).astext(): names_in(group)
        for group in page.findall(nodes.container)
        if GROUP_CLASS in group["classes"]
    }


def test_a_list_is_divided_as_asked_for(make_app: MakeApp, dated: Path) -> None:
    divided_by = {
        "state": {
            "Open (2)": "gh-101 python/peps#4",
            "Completed (1)": "gh-84692",
            "Not planned (1)": "gh-102",
            "Merged (1)": "gh-20085",
            "Commits (2)": "@5d38517 @1111111",
            "Unknown (1)": "bpo-99999",
        },
        "kind": {
            "Issues (5)": "gh-101 gh-102 gh-84692 bpo-99999 python/peps#4",
            "Pull requests (1)": "gh-20085",
            "Commits (2)": "@5d38517 @1111111",
        },
        "repository": {
            "python/cpython (6)": "gh-101 gh-102 gh-20085 gh-84692 @5d38517 @1111111",
            "bugs.python.org (1)": "bpo-99999",
            "python/peps (1)": "python/peps#4",
        },
    }
    lists = ([":page: cited", ":sort: number", f":group: {grouping}"] for grouping in divided_by)
    pages = show_lists(make_app, dated, *lists)
    for groups, page in zip(divided_by.values(), pages, strict=True):
        expected = [(heading, names.split()) for heading, names in groups.items()]
        assert list(groups_in(page).items()) == expected


def test_a_page_in_the_order_of_the_site_has_what_it_cites_with_its_own_sections(
    make_app: MakeApp, dated: Path
) -> None:
    page = show_list(make_app, dated, ":state: open, not planned", ":group: page")
    groups = groups_in(page)
    assert [name.partition(" (")[0] for name in groups] == [
        "Roles",
        "Links",
        "Markdown",
        "Other",
        "Cited",
    ]
    assert groups["Other (2)"] == ["gh-101", "gh-102"]
    assert groups["Cited (3)"] == ["gh-101", "python/peps#4", "gh-102"]
    group = list(page.findall(nodes.container))[-2]
    heading = next(group.findall(nodes.rubric))
    assert [link["refuri"] for link in heading.findall(nodes.reference)] == [""]  # of this builder
    assert [text_of(list(row.findall(nodes.entry))[2]) for row in rows_of(group)] == [
        "Section",
        "Other\nSection",
    ]


def test_headings_of_groups_are_headings_but_no_sections(make_app: MakeApp, dated: Path) -> None:
    sections = "".join(f"X\n{mark}\n\n" for mark in "=-~^+*")
    deep = f":orphan:\n\n{sections}.. refstatus-list::\n   :group: state\n"
    (dated / "deep.rst").write_text(deep)
    (dated / "overview.rst").write_text(
        "Overview\n========\n\nSub\n---\n\n.. refstatus-list::\n   :group: state\n"
    )
    app = build(make_app, dated)
    page = (app.outdir / "overview.html").read_text()
    assert '<h3 class="rubric">Not planned (<span class="refstatus-count">1</span>)</h3>' in page
    assert app.env.tocs["overview"].astext().split() == ["Overview", "Sub"]
    # LaTeX has no more levels.
    headings = resolved(app, "deep").findall(nodes.rubric)
    assert {heading["heading-level"] for heading in headings} == {5}


def ids_in(page: nodes.document) -> list[str]:
    """Every id of a page that is being written."""
    return [name for element in page.findall(nodes.Element) for name in element["ids"]]


def test_no_id_is_given_twice(make_app: MakeApp, dated: Path) -> None:
    page = show_list(make_app, dated, ":group: page")
    rows = list(rows_of(page))
    # gh-101 and gh-102 stand in several groups.
    assert 0 < sum(bool(row["ids"]) for row in rows) < len(rows)
    assert sorted(set(ids_in(page))) == sorted(ids_in(page))
    by_name: dict[str, list[str]] = {}
    for name, row in zip(names_in(page), rows, strict=True):
        by_name.setdefault(name, []).extend(row["ids"])
    assert by_name["gh-101"] == ["python-cpython-101"]
    assert [name for name, ids in by_name.items() if len(ids) != 1] == []
    (dated / "overview.rst").write_text(OVERVIEW)
    app = build(make_app, dated, "html")
    ids = list(ids_in(resolved(app, "overview")))
    assert sorted(set(ids)) == sorted(ids)


def test_no_id_is_given_twice_where_several_pages_become_one(make_app: MakeApp, site: Path) -> None:
    index = site / "index.rst"
    index.write_text(index.read_text() + "   again\n")
    (site / "again.rst").write_text("Again\n=====\n\n.. refstatus-list::\n")
    app = build(make_app, site, "singlehtml")
    content = (app.outdir / "index.html").read_text()
    assert content.count('id="python-cpython-84692"') == 1


def test_a_page_is_named_from_its_folder_or_from_the_top(make_app: MakeApp, dated: Path) -> None:
    (dated / "sub").mkdir()
    lists = {"beside": "cited", "sub/below": "../cited", "sub/far": "/cited"}
    for name, path in lists.items():
        (dated / f"{name}.rst").write_text(
            f":orphan:\n\nList\n====\n\n.. refstatus-list::\n   :page: {path}\n"
        )
    (dated / "overview.rst").write_text("Overview\n========\n")
    app = build(make_app, dated, "dummy")
    assert app.warning.getvalue() == ""
    for name in lists:
        assert len(list(rows_of(resolved(app, name)))) == 8


def test_a_page_may_be_a_link_to_a_file_elsewhere(make_app: MakeApp, site: Path) -> None:
    elsewhere = site.parent / "CHANGES.rst"
    elsewhere.write_text(":orphan:\n\nChanges\n=======\n\ngh-101\n")
    (site / "changes.rst").symlink_to(elsewhere)
    (site / "overview.rst").write_text(
        "Overview\n========\n\n.. refstatus-list::\n   :page: changes\n"
    )
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    assert len(list(rows_of(resolved(app, "overview")))) == 1


@pytest.mark.parametrize("directive", ["refstatus-list", "refstatus-summary"])
def test_a_page_that_is_not_there_is_reported_also_when_it_went_away_later(
    make_app: MakeApp, site: Path, directive: str
) -> None:
    (site / "overview.rst").write_text(f"Overview\n========\n\n.. {directive}::\n   :page: gone\n")
    (site / "gone.rst").write_text(":orphan:\n\nGone\n====\n")
    options = {"show_warning_types": True}
    app = build(make_app, site, confoverrides=options)
    assert app.warning.getvalue() == ""
    (site / "gone.rst").unlink()
    app = make_app("html", srcdir=site, confoverrides=options)
    read: list[str] = []
    app.connect("source-read", lambda _app, docname, _source: read.append(docname))
    app.build()
    assert read == []
    # A second application in one process finds the nodes of the first.
    report = [line for line in app.warning.getvalue().splitlines() if "registered" not in line]
    assert len(report) == 1
    assert "overview.rst:4: WARNING: there is no page 'gone' [refstatus.page]" in report[0]
    assert "No references." in (app.outdir / "overview.html").read_text()


def test_a_list_can_be_read_as_plain_text(make_app: MakeApp, dated: Path) -> None:
    show_list(make_app, dated, ":group: kind")
    app = build(make_app, dated, "text")
    text = (app.outdir / "overview.txt").read_text()
    assert "-[ Pull requests (" in text
    cells = [" ".join(cell.split()) for line in text.split("+--") for cell in columns_of(line)]
    assert "issue; opened 2020-06-01; closed 2021-01-01" in cells
    places = cells[cells.index("issue; opened 2020-06-01; closed 2021-01-01") + 1]
    assert places == "Roles; Links; Markdown; Other; Other: Section; Cited: Section"


def columns_of(rows: str) -> list[str]:
    """The cells of one row of a text table, each as one string."""
    lines = [line.split("|")[1:-1] for line in rows.splitlines() if line.startswith("|")]
    return [" ".join(parts) for parts in zip(*lines, strict=True)]


def test_links_in_a_list_lead_to_the_sections(make_app: MakeApp, unchanged: Path) -> None:
    app = build(make_app, unchanged)
    page = (app.outdir / "overview.html").read_text()
    assert 'href="roles.html#roles"' in page
    assert 'href="#pull-requests"' in page
    assert 'id="python-cpython-84692"' in page
    assert 'aria-hidden="true"' in page


def test_a_list_says_what_took_an_item_back_and_shows_code_as_code(
    make_app: MakeApp, site: Path
) -> None:
    snapshot = site / "_data/references.jsonl"
    edit(snapshot, '"title":"Interned strings"', '"title":"Intern `str` <again>"')
    with snapshot.open("a") as file:
        file.write(
            '{"kind":"pull","key":"python/cpython#30422","state":"merged",'
            '"first_release":"3.11.0a4"}\n'
        )
    page = (build(make_app, site).outdir / "overview.html").read_text()
    assert re.search(
        r'reverted by <a [^>]*href="https://github.com/python/cpython/(?:pull|issues)/30422">'
        r"gh-30422</a>, first in 3\.11\.0a4",
        page,
    )
    assert re.search(r"Intern <code [^>]*><span class=\"pre\">str</span></code> &lt;again", page)


def test_a_style_sheet_of_the_site_wins_over_one_of_ours(make_app: MakeApp, site: Path) -> None:
    own = site / "own"
    own.mkdir()
    (own / "refstatus.css").write_text(".refstatus { color: red }\n")
    app = build(make_app, site, confoverrides={"html_static_path": ["own"]})
    assert (app.outdir / "_static/refstatus.css").read_text() == ".refstatus { color: red }\n"
    assert (app.outdir / "_static/refstatus.js").exists()


def test_only_pages_with_a_list_load_the_script(make_app: MakeApp, unchanged: Path) -> None:
    app = build(make_app, unchanged)
    with_script = {
        path.name for path in app.outdir.glob("*.html") if "refstatus.js" in path.read_text()
    }
    assert with_script == {"overview.html"}
    assert (app.outdir / "_static/refstatus.js").exists()


@pytest.mark.parametrize("grouping", ["none", "state"])
def test_the_form_has_its_place_before_the_first_list_and_only_there(
    make_app: MakeApp, dated: Path, grouping: str
) -> None:
    nothing = [":kind: commit", ":state: draft"]
    empty, page = show_lists(make_app, dated, nothing, [f":group: {grouping}"])
    assert list(empty.findall(nodes.raw)) == []
    (place,) = page.findall(nodes.raw)
    assert (place.astext().strip(), place["format"]) == (
        '<div class="refstatus-filter-place"></div>',
        "html",
    )
    after = place.next_node(descend=False, siblings=True)
    table = next(page.findall(nodes.table))
    assert after is (table if grouping == "none" else table.parent)


def test_the_general_index_leads_to_the_citing_sections(make_app: MakeApp, unchanged: Path) -> None:
    app = build(make_app, unchanged)
    index = (app.outdir / "genindex.html").read_text()
    group = index[index.index("issues and pull requests") :]
    for entry in ("bpo-40512", "gh-101", "python/peps#4"):
        assert entry in group
    # Nobody looks for a hash.
    assert "5d38517" not in index
    assert 'href="overview.html#pull-requests"' in index


def test_what_not_every_build_shows_is_not_in_the_general_index(
    make_app: MakeApp, site: Path
) -> None:
    page = "Both\n----\n\ngh-101\n\n.. only:: html\n\n   gh-102\n\n   Some\n   ----\n\n   gh-103\n"
    add_pages(site, {"some": page})
    app = build(make_app, site, "dummy")
    entries = app.env.get_domain("index").data["entries"]["some"]
    assert [entry[1].rpartition(" ")[2] for entry in entries] == ["gh-101"]


def test_entries_in_the_general_index_can_be_left_out(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, confoverrides={"refstatus_index": False})
    assert "bpo-40512" not in (app.outdir / "genindex.html").read_text()


def test_other_tools_can_read_what_the_site_knows(make_app: MakeApp, unchanged: Path) -> None:
    app = build(make_app, unchanged)
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


# Builder to the file in which a page of the export is found.
FILES_OF_PAGES = {
    "html": lambda folder, page: folder / page,
    "dirhtml": lambda folder, page: folder / page / "index.html",
    "singlehtml": lambda folder, page: folder / page,
    "json": lambda folder, page: folder / f"{page.removesuffix('/')}.fjson",
}


@pytest.fixture(scope="module")
def scattered(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Path:
    """The site with a page without a heading, and one that no toctree has."""
    site = copy_with_lists(rootdir, tmp_path_factory.mktemp("scattered"))
    (site / "bare.rst").write_text(":gh:`104`\n")
    index = site / "index.rst"
    index.write_text(index.read_text() + "   bare\n")
    (site / "alone.rst").write_text(":orphan:\n\nAlone\n=====\n\n:gh:`101` :gh:`777`\n")
    return site


@pytest.mark.parametrize("builder", FILES_OF_PAGES)
def test_page_and_anchor_of_the_export_lead_to_the_citing_section(
    make_app: MakeApp, scattered: Path, builder: str
) -> None:
    app = build(make_app, scattered, builder)
    items = json.loads((app.outdir / "references.json").read_text())["items"]
    places = [(item["key"], place) for item in items for place in item["cited_in"]]
    assert all(item["cited_in"] for item in items)
    for key, place in places:
        file = FILES_OF_PAGES[builder](app.outdir, place["page"])
        content = file.read_text()
        body = json.loads(content)["body"] if builder == "json" else content
        assert not place["anchor"] or f'id="{place["anchor"]}"' in body, (key, place)
    anchors = {place["anchor"] for key, place in places if key == "python/cpython#104"}
    whole_page = "document-bare" if builder == "singlehtml" else ""
    assert whole_page in anchors
    # No toctree leads to that page, and so it is not in the single file.
    assert ("alone" in {place["anchor"] for _, place in places}) == (builder != "singlehtml")
    assert ("python/cpython#777" in dict(places)) == (builder != "singlehtml")


def test_the_first_page_of_a_site_of_folders_is_no_empty_address(
    make_app: MakeApp, site: Path
) -> None:
    with (site / "index.rst").open("a") as page:
        page.write("\nIt cites gh-101.\n")
    app = build(make_app, site, "dirhtml")
    items = json.loads((app.outdir / "references.json").read_text())["items"]
    pages = {place["page"] for item in items for place in item["cited_in"]}
    assert "./" in pages
    assert "" not in pages


@pytest.mark.parametrize("address", ["https://example.org/docs", "https://example.org/docs/"])
def test_the_feed_is_in_the_folder_of_the_site(make_app: MakeApp, site: Path, address: str) -> None:
    options = {"refstatus_feed": True, "html_baseurl": address}
    app = build(make_app, site, confoverrides=options)
    feed = ElementTree.parse(app.outdir / "changes.atom").getroot()
    assert feed.findtext("{*}id") == "https://example.org/docs/changes.atom"


def test_links_of_a_list_stay_in_the_single_file(make_app: MakeApp, unchanged: Path) -> None:
    content = (build(make_app, unchanged, "singlehtml").outdir / "index.html").read_text()
    tables = re.findall('<table class="[^"]*refstatus-list.*?</table>', content, re.S)
    inner = {anchor for table in tables for anchor in re.findall('href="#([^"]*)"', table)}
    assert {"document-roles", "document-links", "pull-requests"} <= inner
    assert [anchor for anchor in inner if f'id="{anchor}"' not in content] == []


def test_an_export_is_not_made_for_other_formats_or_when_unwanted(
    make_app: MakeApp, site: Path
) -> None:
    app = build(make_app, site, "text")
    assert not (app.outdir / "references.json").exists()
    app = build(make_app, site, confoverrides={"refstatus_export": False})
    assert not (app.outdir / "references.json").exists()


def test_an_export_is_written_when_it_would_change_or_is_gone(
    make_app: MakeApp, site: Path
) -> None:
    file = build(make_app, site).outdir / "references.json"
    before = file.stat().st_ino
    (site / "none.rst").write_text("None\n====\n\nOther words.\n")
    build(make_app, site)
    assert file.stat().st_ino == before
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    build(make_app, site)
    assert "Rejected for good" in file.read_text()
    file.unlink()
    build(make_app, site)
    assert file.exists()


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("references.json", "html_file_suffix", ".page"),
        ("references.json", "html_link_suffix", ".page"),
        ("changes.atom", "html_baseurl", "https://example.org/other/"),
        ("changes.atom", "project", "Another name"),
    ],
)
def test_files_beside_the_pages_follow_the_settings_of_sphinx(
    make_app: MakeApp, site: Path, name: str, setting: str, value: str
) -> None:
    options = {"refstatus_feed": True}
    file = build(make_app, site, confoverrides=options).outdir / name
    assert value not in file.read_text()
    build(make_app, site, confoverrides={**options, setting: value})
    assert value in file.read_text()


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


def test_a_page_is_written_only_for_items_that_it_shows(make_app: MakeApp, dated: Path) -> None:
    show_list(make_app, dated, ":page: cited", ":state: not planned")
    app = build(make_app, dated)
    page = app.outdir / "overview.html"

    def is_written() -> bool:
        page.write_text("old")
        build(make_app, dated)
        return page.read_text() != "old"

    assert not is_written()
    replace_in_snapshot(dated, '"Rejected"', '"Rejected for good"')  # which others cite
    replace_in_snapshot(dated, '"An open one"', '"Still open"')  # which has another state
    assert not is_written()
    replace_in_snapshot(dated, '"Not now"', '"Not soon"')
    assert is_written()
    (dated / "other.rst").write_text(OTHER.replace("Other", "Named"))
    assert not is_written()
    (dated / "cited.rst").write_text(CITED.replace("Cited", "Named"))
    assert is_written()
    assert not is_written()


def test_a_list_is_written_when_its_pages_change_places(make_app: MakeApp, dated: Path) -> None:
    show_list(make_app, dated, ":group: page")
    build(make_app, dated)
    index = dated / "index.rst"
    index.write_text(index.read_text().replace("   roles\n", "") + "   roles\n")
    page = build(make_app, dated).outdir / "overview.html"
    headings = re.findall(r'<h2 class="rubric"><a [^>]*>(\w+)', page.read_text())
    assert headings == ["Links", "Markdown", "Other", "Cited", "Roles"]


def test_a_summary_counts_commits_in_the_plural(make_app: MakeApp, dated: Path) -> None:
    (dated / "overview.rst").write_text("X\n=\n\n.. refstatus-summary::\n   :kind: commit\n")
    text = (build(make_app, dated, "text").outdir / "overview.txt").read_text()
    assert "2 references: 2 commits\n" in text


def test_a_page_without_a_section_can_count_what_stands_there(
    make_app: MakeApp, site: Path
) -> None:
    page = ":orphan:\n\n:gh:`102`\n\n.. refstatus-summary::\n   :section:\n"
    (site / "bare.rst").write_text(page)
    text = (build(make_app, site, "text").outdir / "bare.txt").read_text()
    assert "1 reference: 1 not planned\n" in text


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
