"""What a site with refstatus looks like: doctrees first, then each format that a reader may get."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from refstatus.badges import badge
from refstatus.collect import ITEM, citation_domain
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.testing.util import SphinxTestApp

    MakeApp = Callable[..., SphinxTestApp]

SNAPSHOT = Path("_data/references.jsonl")
PAGES = {"index", "roles", "links", "markdown", "none"}


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    """A copy of the test site that a test may change."""
    return Path(shutil.copytree(rootdir / "test-refstatus", tmp_path / "site"))


def build(
    make_app: MakeApp, site: Path, buildername: str = "html", **options: object
) -> SphinxTestApp:
    app = make_app(buildername, srcdir=site, **options)
    app.build()
    return app


def references(app: SphinxTestApp, docname: str) -> Iterator[nodes.reference]:
    """The links to items on a page, as they are about to be written."""
    doctree = app.env.get_and_resolve_doctree(docname, app.builder, tags=app.tags)
    return (node for node in doctree.findall(nodes.reference) if ITEM in node)


def shown(app: SphinxTestApp, docname: str) -> list[tuple[str, str, str]]:
    """Text, address and words of the badge of each link to an item on a page."""
    result = []
    for node in references(app, docname):
        (mark,) = node.findall(badge)
        text = node.astext().removesuffix(mark.astext())
        result.append((text, node["refuri"], mark["words"]))
    return result


GITHUB = "https://github.com/python/cpython"
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
HOSTILE = (
    "<script>alert(\"1\")</script> & 'quotes' `code` \\textbf{x} $y$ %z #w _v ^u ~t {s} "
    "evil line two"
)
BPO_URL = "https://bugs.python.org/issue40512"
PEPS_URL = "https://github.com/python/peps/issues/4"
WWW_URL = "https://www.github.com/Python/CPython/issues/102/"
COMMENT_URL = f"{GITHUB}/issues/103#issuecomment-7"


def test_roles_link_to_the_items_own_pages_with_their_states(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    assert shown(app, "roles") == [
        ("gh-101", f"{GITHUB}/issues/101", "open"),
        ("gh-84692", f"{GITHUB}/issues/84692", "completed"),
        ("gh-102", f"{GITHUB}/issues/102", "not planned"),
        ("gh-103", f"{GITHUB}/issues/103", "duplicate"),
        ("bpo-40601", f"{GITHUB}/issues/84781", "closed"),
        ("#104", f"{GITHUB}/pull/104", "open"),
        ("#105", f"{GITHUB}/pull/105", "draft"),
        ("#20085", f"{GITHUB}/pull/20085", "merged, reverted"),
        ("#106", f"{GITHUB}/pull/106", "closed"),
        ("@5d38517", f"{GITHUB}/commit/{SHA}", "commit"),
        ("gh-107", "https://github.com/python/peps/issues/4", "open"),
        ("gh-108", f"{GITHUB}/issues/108", "missing"),
        ("gh-109", f"{GITHUB}/issues/109", "unknown"),
        ("bpo-99999", "https://bugs.python.org/issue99999", "unknown"),
        ("bpo-12345", "https://bugs.python.org/issue12345", "unknown"),
        ("gh-101", f"{GITHUB}/issues/101", "open"),
        ("gh-102", f"{GITHUB}/issues/102", "not planned"),
        ("python/peps#4", "https://github.com/python/peps/issues/4", "open"),
        ("#101", f"{GITHUB}/issues/101", "open"),
        ("#102", f"{GITHUB}/issues/102", "not planned"),
        ("some text", f"{GITHUB}/issues/101", "open"),
        ("gh-101: An open one", f"{GITHUB}/issues/101", "open"),
        (f"gh-66666: {HOSTILE}", f"{GITHUB}/issues/66666", "open"),
        ("bpo-40512", "https://bugs.python.org/issue40512#msg368157", "completed"),
        ("gh-101", f"{GITHUB}/issues/101#issuecomment-5", "open"),
        ("gh-20085", f"{GITHUB}/pull/20085", "merged, reverted"),
    ]


def test_links_are_recognised_however_they_were_written(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    assert sorted(shown(app, "links")) == sorted(
        [
            (BPO_URL, BPO_URL, "completed"),
            (f"{GITHUB}/pull/20085/files", f"{GITHUB}/pull/20085/files", "merged, reverted"),
            ("Named", f"{GITHUB}/issues/84692", "completed"),
            ("anonymous", f"{GITHUB}/issues/101", "open"),
            ("target", f"{GITHUB}/commit/5d38517aa183", "commit"),
            ("issue 102", f"{GITHUB}/issues/102", "not planned"),
            (COMMENT_URL, COMMENT_URL, "duplicate"),
            (f"{GITHUB}/issues/101", f"{GITHUB}/issues/101", "open"),
            (PEPS_URL, PEPS_URL, "open"),
            (WWW_URL, WWW_URL, "not planned"),
            ("bpo-40512", f"{GITHUB}/issues/84692", "completed"),
            ("gh-101", f"{GITHUB}/issues/101", "open"),
            ("GH-102", f"{GITHUB}/issues/102", "not planned"),
        ]
    )
    assert shown(app, "markdown") == [
        ("gh-101", f"{GITHUB}/issues/101", "open"),
        ("bpo-40512", f"{GITHUB}/issues/84692", "completed"),
        (f"{GITHUB}/issues/102", f"{GITHUB}/issues/102", "not planned"),
        ("text", f"{GITHUB}/pull/104", "open"),
        ("bpo-40601", f"{GITHUB}/issues/84781", "closed"),
    ]
    assert shown(app, "none") == []


def test_bpo_links_can_stay_on_the_old_tracker(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy", confoverrides={"refstatus_bpo_links": "bpo"})
    assert ("bpo-40512", "https://bugs.python.org/issue40512", "completed") in shown(
        app, "markdown"
    )


def test_words_in_prose_can_be_left_alone(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy", confoverrides={"refstatus_recognise_text": False})
    assert not {"gh-101", "GH-102", "bpo-40512"} & {text for text, _, _ in shown(app, "links")}


def test_a_number_means_the_configured_repository(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy", confoverrides={"refstatus_repository": "python/peps"})
    (site / "none.rst").write_text("X\n=\n\n:gh:`4` :gh:`python/cpython#101` gh-4\n")
    app.build()
    assert [text for text, _, _ in shown(app, "none")] == ["gh-4", "python/cpython#101", "gh-4"]


@pytest.mark.parametrize(
    "repository", ["cpython", "https://github.com/python/cpython", "a/b/c", ""]
)
def test_a_repository_that_cannot_be_one_stops_the_build(
    make_app: MakeApp, site: Path, repository: str
) -> None:
    with pytest.raises(ExtensionError, match="write it as 'owner/name'"):
        make_app("dummy", srcdir=site, confoverrides={"refstatus_repository": repository})


def test_a_bad_argument_is_reported_where_it_stands_and_shown(
    make_app: MakeApp, site: Path
) -> None:
    (site / "none.rst").write_text("X\n=\n\nfine\n\n:gh:`oops` and :bpo:`4x`\n")
    app = build(make_app, site, "text", confoverrides={"show_warning_types": True})
    report = app.warning.getvalue()
    assert re.search(
        r"none\.rst:6: WARNING: :gh:`oops`: 'oops' is not an item.*\[refstatus\.argument\]", report
    )
    assert re.search(r"none\.rst:6: WARNING: :bpo:`4x`: .*\[refstatus\.argument\]", report)
    assert ":gh:`oops`" in (app.outdir / "none.txt").read_text()


def test_a_broken_snapshot_stops_the_build_with_file_and_line(
    make_app: MakeApp, site: Path
) -> None:
    with (site / SNAPSHOT).open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(ExtensionError, match=r"references\.jsonl:19: "):
        make_app("dummy", srcdir=site)


def test_without_a_snapshot_everything_is_unknown(make_app: MakeApp, site: Path) -> None:
    (site / SNAPSHOT).unlink()
    app = build(make_app, site, "dummy")
    (line,) = app.warning.getvalue().strip().splitlines()
    assert "references.jsonl does not exist: every tracker item is shown as unknown" in line
    assert {words for _, _, words in shown(app, "roles")} == {"unknown"}


def test_an_untidy_snapshot_is_used_with_a_warning(make_app: MakeApp, site: Path) -> None:
    with (site / SNAPSHOT).open("a") as file:
        file.write('{"kind":"issue","key":"python/cpython#101","state":"closed"}\n')
    app = build(make_app, site, "dummy")
    assert (
        "references.jsonl:19: python/cpython#101 has a record in line 6" in app.warning.getvalue()
    )
    assert ("gh-101", f"{GITHUB}/issues/101", "closed") in shown(app, "roles")


class Links(HTMLParser):
    """The links of an HTML page: attributes of ``a`` and of the badge in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[dict[str, str | None], dict[str, str | None]]] = []
        self.tags: set[str] = set()
        self._open: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        attributes = dict(attrs)
        if tag == "a":
            self._open = attributes
        elif tag == "span" and "refstatus" in (attributes.get("class") or "").split():
            self.links.append((self._open, attributes))


def test_the_badge_says_state_title_and_date_to_eye_and_ear(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site)
    assert app.warning.getvalue() == ""
    page = Links()
    page.feed((app.outdir / "roles.html").read_text())
    by_address = {link["href"]: (link, mark) for link, mark in page.links}
    link, mark = by_address[f"{GITHUB}/issues/84692"]
    description = "completed: Meta issue: per-interpreter GIL (as of 2026-11-22)"
    assert link["title"] == mark["aria-label"] == description
    assert (mark["role"], mark["class"]) == ("img", "refstatus refstatus-completed")
    link, mark = by_address[f"{GITHUB}/issues/66666"]
    assert link["title"] == mark["aria-label"] == f"open: {HOSTILE} (as of 2026-11-22)"
    assert by_address[f"{GITHUB}/pull/106"][1]["class"] == "refstatus refstatus-closed-unmerged"


@pytest.mark.parametrize("name", ["html", "dirhtml", "singlehtml", "epub"])
def test_every_flavor_of_html_has_badges_and_their_style(
    make_app: MakeApp, site: Path, name: str
) -> None:
    app = build(make_app, site, name, freshenv=True)
    assert app.warning.getvalue() == ""
    assert (app.outdir / "_static/refstatus.css").exists()
    pages = {
        "html": "roles.html",
        "dirhtml": "roles/index.html",
        "singlehtml": "index.html",
        "epub": "roles.xhtml",
    }
    content = (app.outdir / pages[name]).read_text()
    assert "refstatus.css" in content
    assert content.count('class="refstatus refstatus-') >= 26
    assert "<script>alert" not in content
    assert "\u202e" not in content
    # The comma of sphinx-issues is text, so that it has survived.
    assert re.search(r"#101 <span[^>]*>open</span></a>(<[^>]*>.*?</[^>]*>)?, <a", content)


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        ("text", "roles.txt", "gh-84692 (completed)"),
        ("man", "site.1", r"gh\-84692 (completed)"),
        ("latex", "site.tex", "gh\\sphinxhyphen{}84692 (completed)"),
        ("texinfo", "site.texi", "gh-84692 (completed)"),
        ("json", "roles.fjson", "refstatus-completed"),
        ("pseudoxml", "roles.pseudoxml", "(completed)"),
        ("gettext", "roles.pot", ":gh:`84692`"),
    ],
)
def test_other_formats_say_the_state_in_words(
    make_app: MakeApp, site: Path, name: str, file: str, expected: str
) -> None:
    app = build(make_app, site, name, freshenv=True)
    assert app.warning.getvalue() == ""
    content = (app.outdir / file).read_text()
    assert expected in content
    assert "\u202e" not in content
    if name == "text":
        assert (
            "#101 (open), #102 (not\nplanned)" in content
            or "#101 (open), #102 (not planned)" in content
        )
        assert "gh-101 and bpo-40512.\n" in content
    if name == "latex":
        assert "\\textbf{x}" not in content


def test_linkcheck_sees_the_final_addresses(make_app: MakeApp, site: Path) -> None:
    # Nothing is asked of the network: every address is ignored, which linkcheck reports.
    app = build(
        make_app, site, "linkcheck", confoverrides={"linkcheck_ignore": [".*"]}, freshenv=True
    )
    asked = (app.outdir / "output.json").read_text()
    assert f'"uri": "{GITHUB}/issues/84692"' in asked
    assert "bugs.python.org/issue40601" not in asked


@pytest.mark.parametrize("parallel", [1, 2])
def test_a_changed_state_writes_the_citing_pages_and_reads_none(
    make_app: MakeApp, site: Path, parallel: int
) -> None:
    build(make_app, site, parallel=parallel)
    assert changed_pages(make_app, site, "html", parallel) == set()
    replace_in_snapshot(site, '#104","state":"open"', '#104","state":"merged"')
    assert changed_pages(make_app, site, "html", parallel) == {"roles", "markdown"}
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    assert changed_pages(make_app, site, "html", parallel) == {"roles"}
    assert changed_pages(make_app, site, "html", parallel) == set()


def test_builders_that_share_doctrees_do_not_hide_changes_from_each_other(
    make_app: MakeApp, site: Path
) -> None:
    build(make_app, site, "html")
    build(make_app, site, "text")
    replace_in_snapshot(site, '"Rejected"', '"Rejected for good"')
    assert changed_pages(make_app, site, "html") == {"roles"}
    assert changed_pages(make_app, site, "text") == {"roles"}
    assert changed_pages(make_app, site, "html") == changed_pages(make_app, site, "text") == set()


def test_gaining_a_record_and_losing_the_last_citation(make_app: MakeApp, site: Path) -> None:
    build(make_app, site)
    with (site / SNAPSHOT).open("a") as file:
        file.write('{"kind":"issue","key":"python/peps#9","state":"open"}\n')
    (site / "none.rst").write_text("X\n=\n\n:gh:`python/peps#9`\n")
    app = build(make_app, site)
    assert citation_domain(app.env).cited["none"] == {"python/peps#9": (("x", "X"),)}
    replace_in_snapshot(site, '#9","state":"open"', '#9","state":"closed"')
    assert changed_pages(make_app, site, "html") == {"none"}
    (site / "none.rst").write_text("X\n=\n")
    app = build(make_app, site)
    assert "none" not in citation_domain(app.env).cited
    replace_in_snapshot(site, '#9","state":"closed"', '#9","state":"open"')
    assert changed_pages(make_app, site, "html") == set()


def test_parallel_reading_and_writing_give_the_same_bytes(make_app: MakeApp, site: Path) -> None:
    trees = []
    for parallel in (1, 2):
        app = make_app(
            "html", srcdir=site, builddir=site.parent / f"build{parallel}", parallel=parallel
        )
        app.build()
        trees.append(
            {
                path.relative_to(app.outdir): path.read_bytes()
                for path in sorted(app.outdir.rglob("*"))
                if path.is_file() and ".doctrees" not in path.parts
            }
        )
    assert trees[0] == trees[1]


def replace_in_snapshot(site: Path, old: str, new: str) -> None:
    content = (site / SNAPSHOT).read_text()
    assert old in content
    (site / SNAPSHOT).write_text(content.replace(old, new))


def changed_pages(make_app: MakeApp, site: Path, name: str, parallel: int = 1) -> set[str]:
    """The pages that a build wrote again, by a mark put on each; none may be read."""
    app = make_app(name, srcdir=site, parallel=parallel)
    suffix = {"html": ".html", "text": ".txt"}[name]
    before = {docname: app.outdir / f"{docname}{suffix}" for docname in PAGES}
    for path in before.values():
        path.write_text(path.read_text() + "\n<!-- old -->")
    read: list[str] = []
    app.connect("source-read", lambda _app, docname, _source: read.append(docname))
    app.build()
    assert read == []
    citing = {docname for docname, path in before.items() if "<!-- old -->" not in path.read_text()}
    return citing - {"index"}  # Sphinx also writes the toctree parents of what it writes
