"""After a change in the snapshot: no page is read, and only those that show it are written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from refstatus_site import SNAPSHOT, add_pages, build, copy_site, replace_in_snapshot
from site_builds import NOTHING, Rebuilder, Report, edit, with_one_process_and_two
from sphinx.errors import ExtensionError
from sphinx_snapshots.refstatus.domain import CitationDomain
from sphinx_snapshots.refstatus.snapshot import parse

if TYPE_CHECKING:
    from site_builds import MakeApp
    from sphinx.environment import BuildEnvironment
    from sphinx.testing.util import SphinxTestApp
    from sphinx_snapshots.refstatus.snapshot import Snapshot

#: Builds take twice as long when they are measured; other tests cover the same lines.
pytestmark = pytest.mark.no_cover


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return copy_site(rootdir, tmp_path)


@pytest.fixture
def rebuild(make_app: MakeApp, site: Path, parallel: int) -> Rebuilder:
    return Rebuilder(make_app, site, parallel)


def add_record(site: Path, record: str) -> None:
    """Add a record (JSON) about an item that sorts last."""
    with (site / SNAPSHOT).open("a") as file:
        file.write(f"{record}\n")


@with_one_process_and_two
def test_a_changed_state_writes_the_citing_pages_and_reads_none(
    rebuild: Rebuilder, site: Path
) -> None:
    rebuild()
    assert rebuild() == NOTHING
    replace_in_snapshot(site, '#104","state":"open"', '#104","state":"merged"')
    assert rebuild() == Report(set(), {"roles", "markdown"})
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    assert rebuild() == Report(set(), {"roles"})
    assert rebuild() == NOTHING


# What of the snapshot is replaced by what, and the pages that show it. One follows the other.
CHANGES: list[tuple[str, str, set[str]]] = [
    # The issue that bpo-40512 became; all three cite one or the other.
    ('"Meta issue', '"The meta issue', {"roles", "links", "markdown"}),
    # A commit that links.rst cites by a part of its id.
    ('"first_release":"3.9.0a4"', '"first_release":"3.9.0a5"', {"roles", "links"}),
    # An issue that was transferred, cited by its old number and by its new one.
    ('"title":"Moved here"', '"title":"Moved"', {"roles", "links"}),
    ('"github":"python/cpython#84781"', '"github":"python/cpython#101"', {"roles", "markdown"}),
    # Shown nowhere.
    ('"source":"made for the tests"', '"source":"made"', set()),
    ("python/cpython#30422", "python/cpython#30423", set()),
    (',"reverted_by":"python/cpython#30423"', "", {"roles", "links"}),
    ('"kind":"missing"', '"kind":"pull","state":"open"', {"roles"}),
    # Every badge says as of which day.
    ('"refreshed":"2026-11-22"', '"refreshed":"2026-11-23"', {"roles", "links", "markdown"}),
]


def test_a_change_of_any_kind_writes_exactly_the_pages_that_show_it(
    rebuild: Rebuilder, site: Path
) -> None:
    rebuild("text")
    for old, new, pages in CHANGES:
        replace_in_snapshot(site, old, new)
        assert rebuild("text") == Report(set(), pages), new
    assert rebuild("text") == NOTHING


def test_a_snapshot_that_the_last_build_knew_is_not_read_through_again(
    rebuild: Rebuilder, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild()
    parsed: list[str] = []

    def note(content: bytes, name: str) -> Snapshot:
        parsed.append(name)
        return parse(content, name)

    monkeypatch.setattr("sphinx_snapshots.refstatus.domain.parse", note)
    assert rebuild() == NOTHING
    assert parsed == []
    rebuild("text")
    (site / "new.rst").write_text(":orphan:\n\nNew\n===\n\n:gh:`104`\n")
    assert rebuild() == Report({"new"}, {"new"})
    assert len(parsed) == 2


def test_what_is_odd_about_a_snapshot_is_told_in_each_build(site: Path, make_app: MakeApp) -> None:
    add_record(site, '{"kind":"issue","key":"a/b#1","state":"open"}')
    for _ in range(2):
        app = make_app(srcdir=site, confoverrides={"refstatus_max_age": 1})
        app.build()
        assert "the lines are not sorted" in app.warning.getvalue()
        assert "more than refstatus_max_age = 1" in app.warning.getvalue()
    add_record(site, "<<<<<<< HEAD")
    for _ in range(2):
        with pytest.raises(ExtensionError, match="a conflict that git left"):
            make_app(srcdir=site)


def test_data_are_known_again_whatever_the_order_of_sets(site: Path, tmp_path: Path) -> None:
    (site / "conf.py").write_text(
        'extensions = ["sphinx_snapshots.refstatus"]\n'
        'refstatus_repositories = ["a/a", "b/b", "c/c", "d/d", "e/e"]\n'
        'refstatus_badges = ["html", "dirhtml", "text", "epub", "latex"]\n'
    )
    for page in site.glob("**/*.*"):
        if page.suffix in {".rst", ".md"}:
            page.unlink()
    (site / "index.rst").write_text("Index\n=====\n\n:gh:`a/a#1`\n")
    out = tmp_path / "out"
    memories = []
    for seed in ("1", "2", "3"):
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-b", "text", site, out],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        (memory,) = out.glob(".doctrees/rewrites-*")
        memories.append(memory.read_bytes())
    assert len(set(memories)) == 1


def test_a_refresh_that_changes_nothing_writes_nothing(rebuild: Rebuilder, site: Path) -> None:
    rebuild()
    content = (site / SNAPSHOT).read_bytes()
    (site / SNAPSHOT).unlink()
    (site / SNAPSHOT).write_bytes(content)
    assert rebuild() == NOTHING


def test_a_format_that_was_left_out_for_a_while_shows_all_changes(
    rebuild: Rebuilder, site: Path
) -> None:
    for builder in ("html", "text"):
        rebuild(builder)
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    assert rebuild("html") == Report(set(), {"roles"})
    replace_in_snapshot(site, '#104","state":"open"', '#104","state":"draft"')
    assert rebuild("text") == Report(set(), {"roles", "markdown"})
    assert rebuild("html") == Report(set(), {"roles", "markdown"})
    assert rebuild("text") == NOTHING


def test_a_record_that_comes_or_goes_writes_the_citing_pages(
    rebuild: Rebuilder, site: Path
) -> None:
    rebuild()
    replace_in_snapshot(site, '{"kind":"pull","key":"python/cpython#106","state":"closed"', "{")
    before = (site / SNAPSHOT).read_text()
    (site / SNAPSHOT).write_text(before.replace('{,"title":"Rejected"}\n', ""))
    assert rebuild() == Report(set(), {"roles"})
    add_record(site, '{"kind":"issue","key":"python/peps#777","state":"open"}')
    assert rebuild() == NOTHING
    add_pages(site, {"none": ":gh:`python/peps#777`"})
    assert rebuild() == Report({"none"}, {"none"})
    replace_in_snapshot(site, '#777","state":"open"', '#777","state":"closed"')
    assert rebuild() == Report(set(), {"none"})


def test_a_page_that_lost_its_last_reference_is_left_alone(rebuild: Rebuilder, site: Path) -> None:
    add_pages(site, {"none": ":gh:`106`"})
    rebuild()
    add_pages(site, {"none": "Nothing."})
    assert rebuild() == Report({"none"}, {"none"})
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    assert rebuild() == Report(set(), {"roles"})


@with_one_process_and_two
def test_a_page_that_is_deleted_or_renamed_is_followed(
    make_app: MakeApp, rebuild: Rebuilder, site: Path
) -> None:
    rebuild("html")
    rebuild("text")
    (site / "roles.rst").rename(site / "renamed.rst")
    (site / "markdown.md").unlink()
    edit(site / "index.rst", "roles\n", "renamed\n")
    edit(site / "index.rst", "   markdown\n", "")
    assert rebuild("html") == Report({"index", "renamed"}, {"renamed"})
    app = build(make_app, site, "dummy")
    assert set(CitationDomain.of(app.env).cited) == {"renamed", "links"}
    replace_in_snapshot(site, '#104","state":"open"', '#104","state":"merged"')
    assert rebuild("html") == Report(set(), {"renamed"})
    # The other format has not seen the new name yet.
    assert rebuild("text") == Report(set(), {"renamed"})
    assert rebuild("html") == rebuild("text") == NOTHING


def test_an_edited_page_and_a_changed_state_in_one_build(rebuild: Rebuilder, site: Path) -> None:
    rebuild()
    edit(site / "markdown.md", "bpo-40601", "bpo-40601 again")
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    assert rebuild() == Report({"markdown"}, {"markdown", "roles"})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("refstatus_badges", False),
        ("refstatus_bpo_links", "bpo"),
        ("refstatus_quiet_states", ["open", "completed"]),
        ("refstatus_quiet_pages", ["roles", "links", "markdown"]),
    ],
)
def test_a_setting_that_changes_what_is_shown_reads_nothing(
    rebuild: Rebuilder, site: Path, setting: str, value: object
) -> None:
    add_pages(site, {"overview": ".. refstatus-list::"})
    rebuild()
    report = rebuild("html", {setting: value})
    assert report.read == set()
    assert report.written >= {"roles", "links", "markdown"}
    if setting == "refstatus_badges":
        assert "overview" in report.written
    assert rebuild("html", {setting: value}) == NOTHING


def test_a_setting_that_changes_what_is_recognized_reads_all(rebuild: Rebuilder) -> None:
    first = rebuild("text")
    changes: dict[str, object] = {
        "refstatus_repository": "python/peps",
        "refstatus_repositories": [],
        "refstatus_recognize_text": False,
        "refstatus_number_pages": {"roles": "python/peps"},
        "refstatus_index": False,
    }
    settings: dict[str, object] = {}
    for setting, value in changes.items():
        settings[setting] = value
        assert rebuild("text", settings).read == first.read, setting
    assert rebuild("text", settings) == NOTHING


# Pages with a list or a summary -----------------------------------------------------------

OVERVIEWS = {
    "all": ".. refstatus-list::",
    "sums": ".. refstatus-summary::",
    "drafts": ".. refstatus-list::\n   :state: draft",
    "of-markdown": ".. refstatus-list::\n   :page: markdown",
    "sum-of-none": ".. refstatus-summary::\n   :page: none",
}


def test_a_list_or_summary_is_written_when_an_item_that_it_shows_changes(
    rebuild: Rebuilder, site: Path
) -> None:
    add_pages(site, OVERVIEWS)
    rebuild("text")
    # Cited in roles.rst, a closed pull request; the last one in markdown.md as well.
    changes = [
        ('"Rejected"', '"Rejected for good"', {"roles", "all", "sums"}),
        ('#106","state":"closed"', '#106","state":"merged"', {"roles", "all", "sums"}),
        ('#106","state":"merged"', '#106","state":"draft"', {"roles", "all", "sums", "drafts"}),
        ('"An open change"', '"A change"', {"roles", "markdown", "all", "sums", "of-markdown"}),
    ]
    for old, new, pages in changes:
        replace_in_snapshot(site, old, new)
        assert rebuild("text") == Report(set(), pages), new
    assert rebuild("text") == NOTHING
    add_record(site, '{"kind":"issue","key":"python/peps#777","state":"open"}')
    assert rebuild("text") == NOTHING


@with_one_process_and_two
def test_a_list_is_written_when_a_citing_page_comes_goes_or_gets_another_title(
    rebuild: Rebuilder, site: Path
) -> None:
    add_pages(site, {"all": ".. refstatus-list::"})
    rebuild("text")
    listed = site / "_build/text/all.txt"
    for source, title in (
        ("Fresh\n=====\n\ngh-101\n", "Fresh"),
        ("Stale\n=====\n\ngh-101\n", "Stale"),
    ):
        (site / "fresh.rst").write_text(f":orphan:\n\n{source}")
        assert rebuild("text") == Report({"fresh"}, {"fresh", "all"})
        assert title in listed.read_text()
    (site / "fresh.rst").write_text(":orphan:\n\nStale\n=====\n\ngh-101\n\nMore text.\n")
    assert rebuild("text") == Report({"fresh"}, {"fresh"})
    (site / "fresh.rst").unlink()
    assert rebuild("text") == Report(set(), {"all"})
    assert "Stale" not in listed.read_text()


def test_a_list_follows_the_tags_of_each_build(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"all": ".. refstatus-list::", "some": ".. only:: paper\n\n   gh-777"})
    listed = site / "_build/text/all.txt"
    for tags in ([], ["paper"], []):
        build(make_app, site, "text", tags=tags)
        assert ("gh-777" in listed.read_text()) == bool(tags)


# One core or many -------------------------------------------------------------------------


def test_many_processes_write_the_same_bytes_as_one(make_app: MakeApp, site: Path) -> None:
    add_pages(site, OVERVIEWS | {f"more-{n}": f"gh-{100 + n}, bpo-40512" for n in range(9)})
    merged: set[str] = set()

    def note(
        app: SphinxTestApp, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment
    ) -> None:
        merged.update(docnames)

    trees = []
    for parallel in (1, 8):
        app = make_app(
            "html", srcdir=site, builddir=site.parent / f"build{parallel}", parallel=parallel
        )
        app.connect("env-merge-info", note)
        assert merged == set()
        app.build()
        trees.append(
            {
                path.relative_to(app.outdir): path.read_bytes()
                for path in app.outdir.rglob("*")
                if path.is_file()
            }
        )
    assert "more-3" in merged
    assert trees[0] == trees[1]
