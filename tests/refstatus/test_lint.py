"""The lint on pages of a site: in a build, and as a command; what was written while."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from refstatus_site import add_pages, build, copy_site, replace_in_snapshot
from site_builds import Rebuilder, edit, resolved, warnings
from sphinx_snapshots.refstatus.__main__ import main
from sphinx_snapshots.refstatus.domain import CitationDomain

if TYPE_CHECKING:
    from site_builds import MakeApp

ON: dict[str, object] = {"refstatus_lint": True, "show_warning_types": True}

#: What a page says, and what the lint says of that: line on the page, item, words.
RST = {
    "lines": ("The leak, which is :gh:`84692`,\nis still\nopen.", [(6, "gh-84692", "still open")]),
    "link": (
        (
            "`Nothing is merged yet <https://github.com/python/cpython/pull/104>`_.\n\n"
            "https://github.com/python/cpython/pull/104 was fixed."
        ),
        [(8, "gh-104", "was fixed")],
    ),
    "word": ("It was closed as gh-101.", [(6, "gh-101", "was closed")]),
    "list": (
        "Not merged yet:\n\n* :pr:`104`\n* :issue:`84692`",
        [(9, "gh-84692", "Not merged yet")],
    ),
    "nested": ("* Workarounds\n\n  * for :gh:`84692`", [(8, "gh-84692", "Workarounds")]),
    "term": (":gh:`84692`\n   Still open.", [(6, "gh-84692", "Still open")]),
    "definition": ("Pending\n   :gh:`84692`", [(7, "gh-84692", "Pending")]),
    "row": (
        (
            ".. list-table::\n   :header-rows: 1\n\n   * - Item\n     - State\n"
            "   * - :gh:`84692`\n     - open\n   * - :gh:`101`\n     - open"
        ),
        [(11, "gh-84692", "State open")],
    ),
    "column": (
        (
            ".. list-table::\n   :header-rows: 1\n\n   * - What\n     - Fixed by\n"
            "   * - a leak\n     - :gh:`104`"
        ),
        [(12, "gh-104", "Fixed by")],
    ),
    "heading": ("TODO\n----\n\n- :gh:`84692`", [(9, "gh-84692", "TODO")]),
    "release": (
        "Since 3.10 (:gh:`5d38517aa1836542a5417b724c093bcb245f0f47`).",
        [(6, "@5d38517", "Since 3.10")],
    ),
    "reverted": ("The table is one for each, merged in :gh:`20085`.", [(6, "gh-20085", "merged")]),
    "old-tracker": ("A fix for bpo-40512 is pending.", [(6, "bpo-40512", "pending")]),
    "code": ("``pending`` is the name of :gh:`84692`.", []),
    "marker": ("The words :gh:`84692` :as-written:`a quotation` is still open stand.", []),
    "marker-in-heading": (
        f"That gh-84692 :as-written:`quoted` is still open\n{'-' * 60}",
        [],
    ),
    "one-of-two": (
        ":gh:`84692` :as-written:`why` and :gh:`84781` are still open.",
        [(6, "gh-84781", "still open")],
    ),
    "true": (":gh:`101` is still open, :gh:`84692` was fixed in May.", []),
}
MARKDOWN = {
    "md-lines": ("The leak {gh}`84692`\nis still\nopen.", [(7, "gh-84692", "still open")]),
    "md-list": ("Pending:\n\n- {gh}`84692`", [(9, "gh-84692", "Pending")]),
    "md-table": (
        "| Item | State |\n|---|---|\n| gh-84692 | open |\n| gh-101 | open |",
        [(7, "gh-84692", "State open")],  # MyST knows the line of the table only
    ),
    "md-marker": ("gh-84692 {as-written}`why` is still open.", []),
}


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return copy_site(rootdir, tmp_path)


def told(lines: list[str]) -> list[tuple[str, str, str]]:
    """Page and line, item and words of each complaint of the lint."""
    found = []
    # A second build in the same process is told of what the first one has registered.
    for line in (line for line in lines if "[refstatus" in line or "WARNING" not in line):
        place, _, rest = line.replace("WARNING: ", "").partition(": ")
        found.append((place, rest.split(" ")[0], rest.split('"')[1]))
    return sorted(found)


def test_a_build_warns_of_what_the_snapshot_contradicts_in_both_markups(
    make_app: MakeApp, site: Path
) -> None:
    add_pages(site, {name: text for name, (text, _) in RST.items()})
    add_pages(site, {name: text for name, (text, _) in MARKDOWN.items()}, ".md")
    expected = sorted(
        (f"{name}.{'md' if name in MARKDOWN else 'rst'}:{line}", item, words)
        for name, (_, found) in (RST | MARKDOWN).items()
        for line, item, words in found
    )
    app = build(make_app, site, "dummy", confoverrides=ON)
    assert told(warnings(app)) == expected
    kinds = {line.rpartition("[")[2] for line in warnings(app)}
    assert kinds == {"refstatus.prose]", "refstatus.release]"}
    # The markers are gone from what readers see.
    assert resolved(app, "marker").astext().endswith("gh-84692 is still open stand.")

    # Each build says so again, and one after a refresh says what is new, without reading a page.
    replace_in_snapshot(site, '#101","state":"open"', '#101","state":"closed"')
    app = build(make_app, site, "dummy", confoverrides=ON)
    found = set(told(warnings(app))) ^ set(expected)
    assert {(place, words) for place, _, words in found} == {
        ("word.rst:6", "was closed"),
        ("row.rst:13", "State open"),
        ("md-table.md:7", "State open"),
        ("true.rst:6", "still open"),
    }


def test_without_the_setting_nothing_is_looked_at(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"page": RST["lines"][0]})
    app = build(make_app, site, "dummy")
    assert warnings(app) == []
    assert CitationDomain.of(app.env).claims == {}


def test_the_words_are_those_of_the_site(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"page": "gh-84692 is parked. gh-84692 is still open. gh-84692 is pending."})
    phrases = {"refstatus_lint_phrases": {"todo": ["parked", "*"], "open": []}}
    app = build(make_app, site, "dummy", confoverrides={**ON, **phrases})
    assert [words for _, _, words in told(warnings(app))] == ["parked", "pending"]


def test_a_marker_needs_a_reference(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"page": "Nothing :as-written:`why` here."})
    [warning] = warnings(build(make_app, site, "dummy", confoverrides=ON))
    assert warning == (
        "page.rst:6: WARNING: :as-written:`why`: no reference is before it [refstatus.argument]"
    )


# What was written while -------------------------------------------------------------------

WRITTEN = """
.. written-while:: gh-101

   Nothing is checked, :written-while:`I think <gh-105 is draft>`. The work is still pending in
   :gh:`101`.

Yet :written-while:`nobody has looked <gh-104 is open>`, they say.

Section
-------

.. written-while:: bpo-40512
   :is: completed

All of it.
"""


def test_what_was_written_while_an_item_had_a_state_says_so_until_it_has_another(
    make_app: MakeApp, site: Path
) -> None:
    add_pages(site, {"page": WRITTEN})
    rebuild = Rebuilder(make_app, site)
    app = build(make_app, site, "text", confoverrides=ON)
    assert warnings(app) == []
    shown = " ".join((app.outdir / "page.txt").read_text().split())
    assert (
        "I think (gh-105 (draft), as of 2026-11-22). The work is still pending in gh-101 (open). "
        "Written while gh-101 (open) was open, as it still was on 2026-11-22. "
        "Yet nobody has looked (gh-104 (open), as of 2026-11-22), they say."
    ) in shown
    assert "Written while bpo-40512 (completed) was completed, as it still was on" in shown

    rebuild("text", ON)
    replace_in_snapshot(site, '#101","state":"open"', '#101","state":"closed","reason":"completed"')
    replace_in_snapshot(site, '#104","state":"open"', '#104","state":"merged"')
    replace_in_snapshot(site, '"closed","reason":"completed","title":"Meta', '"open","title":"Meta')
    # No page is read for that, and this one is written.
    report = rebuild("text", ON)
    assert (report.read, "page" in report.written) == (set(), True)
    shown = " ".join((app.outdir / "page.txt").read_text().split())
    assert (
        "Warning: gh-101 (completed) has since been closed as completed. This was written while it "
        "was open. Yet nobody has looked (**gh-104 (merged) has since been merged**), they say."
    ) in shown
    assert "bpo-40512 (open) has since been opened again. This was written while it was" in shown
    app = build(make_app, site, "text", confoverrides=ON)
    assert [line for line in warnings(app) if line.startswith("page")] == [
        (
            "page.rst:7: WARNING: gh-101 is completed, but this was written while it was open "
            "[refstatus.written]"
        ),
        (
            "page.rst:12: WARNING: gh-104 is merged, but this was written while it was open "
            "[refstatus.written]"
        ),
        (
            "page.rst:17: WARNING: bpo-40512 is open, but this was written while it was completed "
            "[refstatus.written]"
        ),
    ]


def test_in_html_a_note_is_small_and_what_is_overtaken_is_a_warning(
    make_app: MakeApp, site: Path
) -> None:
    heading = RST["marker-in-heading"][0]
    add_pages(site, {"page": f"{WRITTEN}\n\n.. written-while:: gh-102\n\n   Later.\n\n{heading}\n"})
    app = build(make_app, site, "html", confoverrides={"language": "de"})
    assert [line for line in warnings(app) if "refstatus.written" not in line] == []
    html = (app.outdir / "page.html").read_text()
    assert "Geschrieben, " in html
    assert "nicht geplant geschlossen. Dies wurde geschrieben, " in html
    assert html.count('class="refstatus-written-note"') == 4
    assert html.count('class="refstatus-written refstatus-overtaken docutils container"') == 1
    assert html.count('class="admonition warning"') == 1
    # Its own item is cited, so that a refresh asks for it.
    assert 'href="https://github.com/python/cpython/issues/102"' in html


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (".. written-while:: nothing", "written-while: 'nothing' is not an item on GitHub; write"),
        (":written-while:`no item`", "write a clause and its item, such as: nothing is checked"),
        (":written-while:`so <gh-1 is fixed>`", "with one of: open, draft, closed, completed,"),
        (".. written-while:: gh-1\n   :is: fixed", 'invalid option value: (option: "is"'),
    ],
)
def test_what_names_no_item_or_no_state_is_told(
    make_app: MakeApp, site: Path, text: str, complaint: str
) -> None:
    add_pages(site, {"page": text})
    given = warnings(build(make_app, site, "dummy"))
    assert complaint in "".join(given)
    assert given[0].startswith("page.rst:6: ")


# The command ------------------------------------------------------------------------------


@pytest.fixture
def folder(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(site)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return site


PROGRAM = '''"""A module.

The lock is needed until gh-84692 is fixed.
"""

x = "gh-84692 is still open"  # as long as gh-84692 is pending
# What follows here is a
# workaround for gh-84692 (as-written: it stays).
y = 1


def f():
    """TODO: see
    https://github.com/python/cpython/issues/84692
    """
'''
C_PROGRAM = """/* The list is one for all,
 * because of gh-84692, which is not yet
 * solved. */
#define TODO "gh-84692 is still open"
int x;  // merged as gh-104
"""


def test_lint_lists_pages_programs_and_folders(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_pages(folder, {"page": RST["lines"][0], "while": ".. written-while:: gh-84692"})
    add_pages(folder, {"md-page": MARKDOWN["md-list"][0]}, ".md")
    (folder / "code" / "deep").mkdir(parents=True)
    (folder / "code" / "a.py").write_text(PROGRAM)
    (folder / "code" / "deep" / "b.c").write_text(C_PROGRAM)
    (folder / "code" / "notes.md").write_text("Parked\n\n* {gh}`84692` is still open\n")
    (folder / "code" / ".venv").mkdir()
    (folder / "code" / ".venv" / "a.py").write_text("# gh-84692 is still open")
    (folder / "code" / "c.bin").write_bytes(b"\xff gh-84692 is still open")
    with (folder / "conf.py").open("a") as file:
        file.write("exclude_patterns = ['code']\n")
    assert main(["lint"]) == 1
    out, err = capsys.readouterr()
    assert told(out.splitlines()) == [
        ("md-page.md:9", "gh-84692", "Pending"),
        ("page.rst:6", "gh-84692", "still open"),
    ]
    # What a build would warn of is said once.
    assert err == f"reading the pages in {folder}\n"

    assert main(["lint", "code", "page.rst"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        (
            'code/a.py:3: gh-84692 is completed, but the sentence says "until gh-84692 is fixed": '
            "The lock is needed until gh-84692 is fixed."
        ),
        (
            'code/a.py:6: gh-84692 is completed, but the sentence says "pending": '
            "as long as gh-84692 is pending"
        ),
        (
            'code/a.py:14: gh-84692 is completed, but the sentence says "TODO": '
            "TODO: see https://github.com/python/cpython/issues/84692"
        ),
        (
            'code/deep/b.c:2: gh-84692 is completed, but the sentence says "not yet solved": '
            "The list is one for all, because of gh-84692, which is not yet solved."
        ),
        'code/deep/b.c:5: gh-104 is open, but the sentence says "merged": merged as gh-104',
        (
            'code/notes.md:3: gh-84692 is completed, but the sentence says "still open": '
            "{gh}`84692` is still open"
        ),
        (
            'page.rst:6: gh-84692 is completed, but the sentence says "still open": '
            "The leak, which is gh-84692, is still open."
        ),
    ]
    assert err == ""


def test_lint_can_speak_to_github(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a,b.py").write_text("# 50 % done, pending: gh-84692\n")
    assert main(["lint", "--format", "github", "a,b.py"]) == 1
    assert capsys.readouterr().out == (
        "::warning file=a%2Cb.py,line=1,title=refstatus lint::gh-84692 is completed, but the "
        'sentence says "pending": 50 %25 done, pending: gh-84692\n'
    )


def test_lint_takes_another_snapshot(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.py").write_text("# gh-84692 is still open\n")
    (folder / "_data/references.jsonl").rename(folder / "other.jsonl")
    assert main(["lint", "a.py"]) == 0
    assert main(["lint", "--snapshot", "other.jsonl", "a.py"]) == 1
    assert "gh-84692 is completed" in capsys.readouterr().out


def test_lint_ends_with_0_if_nothing_is_wrong_and_with_2_if_there_is_no_such_path(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.py").write_text("# gh-101 is still open\n")
    assert main(["lint", "a.py"]) == 0
    assert main(["lint", "b.py"]) == 2
    assert capsys.readouterr() == ("", "there is no b.py\n")


def test_check_stops_at_what_was_written_while(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for page in folder.glob("*.*"):
        if page.suffix in {".rst", ".md"} and page.stem != "index":
            page.unlink()
    edit(folder / "index.rst", (folder / "index.rst").read_text(), "Site\n====\n\n")
    add_pages(folder, {"page": ".. written-while:: gh-84692\n\n   So it is."})
    assert main(["check"]) == 1
    found = capsys.readouterr().out.splitlines()
    assert [line for line in found if "is cited nowhere" not in line] == [
        "page.rst:6: gh-84692 is completed, but this was written while it was open"
    ]
    assert os.fspath(folder) not in str(found)
