"""What refreshes noted: the file, and the page that lists it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from refstatus_site import copy_site
from site_builds import resolved, warnings
from sphinx_snapshots.kit.files import FileError
from sphinx_snapshots.refstatus.log import Entry, parse, render

if TYPE_CHECKING:
    from pathlib import Path

    from site_builds import MakeApp

OLD = Entry(date(2026, 11, 1), "python/cpython#84692", "open -> completed")
NEW = Entry(date(2026, 11, 8), "python/cpython#66666", "title `a` -> <b>")


def test_what_was_written_is_read_oldest_first() -> None:
    assert parse(render([NEW, OLD]), "log") == [OLD, NEW]
    assert parse(b"", "log") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"day":"soon","key":"bpo-1","change":"x"}', "log:1: "),
        ('{"day":"2026-11-01","key":"x","change":"x"}', "log:1: 'x' is not a key"),
        ('{"day":"2026-11-01","key":"bpo-1","change":""}', "log:1: field `change`"),
        ("<<<<<<< HEAD", "keep the lines of both sides"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: str, message: str) -> None:
    with pytest.raises(FileError, match=message):
        parse(line.encode(), "log")


def test_the_newest_changes_are_listed_first(
    make_app: MakeApp, rootdir: Path, tmp_path: Path
) -> None:
    site = copy_site(rootdir, tmp_path)
    (site / "log.jsonl").write_bytes(render([OLD, NEW]))
    (site / "lately.rst").write_text(
        ":orphan:\n\nX\n=\n\n.. refstatus-log::\n\n.. refstatus-log::\n   :number: 1\n\n"
        ".. refstatus-summary::\n   :page: this\n"
    )
    app = make_app("html", srcdir=site, confoverrides={"refstatus_log": "log.jsonl"})
    app.build()
    assert warnings(app) == []
    tables = [
        [[cell.astext() for cell in row.findall(nodes.entry)] for row in table.findall(nodes.row)]
        for table in resolved(app, "lately").findall(nodes.table)
    ]
    first, second = (["2026-11-08", "gh-66666"], ["2026-11-01", "gh-84692 Meta issue"])
    assert [row[0] for row in tables[0]] == ["Date", first[0], second[0]]
    assert tables[0][2][1].startswith(second[1])
    assert tables[0][2][2] == "open → completed"
    assert len(tables[1]) == 2
    html = (app.outdir / "lately.html").read_text()
    assert "&lt;b&gt;" in html
    assert "refstatus-completed" in html
    # Listing an item does not cite it.
    assert "No references." in html
