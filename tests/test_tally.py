"""Counts of the rows of a table, made while its page is read."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from site_builds import edit, warnings

if TYPE_CHECKING:
    from site_builds import MakeApp


@pytest.fixture
def page(tmp_path: Path, rootdir: Path) -> Path:
    return Path(shutil.copytree(rootdir / "test-tally", tmp_path / "site")) / "index.rst"


def build(make_app: MakeApp, page: Path) -> tuple[list[list[str]], list[str]]:
    """The rows of the summary, and what the author is told."""
    app = make_app("text", srcdir=page.parent)
    app.build()
    summary = next(iter(app.env.get_doctree("index").findall(nodes.table)))
    rows = [[cell.astext() for cell in row.children] for row in summary.findall(nodes.row)]
    return rows, [line.partition("WARNING: ")[2] for line in warnings(app)]


def test_rows_are_counted_by_what_their_cell_begins_with(make_app: MakeApp, page: Path) -> None:
    assert build(make_app, page) == (
        [["Outcome", "Entries"], ["done", "2"], ["still to do", "1"], ["all", "3"]],
        [],
    )


def test_a_row_of_no_group_is_a_warning(make_app: MakeApp, page: Path) -> None:
    edit(page, "     - open\n", "     - opened\n   * - four\n     - dropped\n")
    rows, told = build(make_app, page)
    assert rows[-1] == ["all", "4"]
    assert told == ["tally of 'the-board': no group fits ['dropped'] [tally.table]"]


def test_a_table_that_is_not_there_is_a_warning(make_app: MakeApp, page: Path) -> None:
    edit(page, ".. tally:: the-board", ".. tally:: the-bord")
    assert build(make_app, page)[1] == ["tally of 'the-bord': there is no such table [tally.table]"]
