"""The site itself: what its readers and its contributors may rely on."""

from __future__ import annotations

import html as html_texts
import json
import os
import re
import runpy
import subprocess
import sys
from collections import Counter, defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from docutils import nodes
from evidence import is_evidence
from sphinx import addnodes
from sphinx.util.inventory import InventoryFile
from sphinx_snapshots.refstatus.model import Reference, State
from sphinx_snapshots.refstatus.snapshot import read
from sphinx_snapshots.refstatus.urls import parse_url
from sphinx_snapshots.refstatus.words import Wording, name_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

ROOT = Path(__file__).parents[2]


class Statement(msgspec.Struct, forbid_unknown_fields=True):
    """A statement of the notes of 2020, in words of ours, with the tracker items it named."""

    says: str
    cites: list[str] = []


STATEMENTS = msgspec.toml.decode(
    (ROOT / "tests/site/statements_of_2020.toml").read_bytes(), type=dict[str, Statement]
)
COVERS = re.compile(r"^\s*(?:\* - )?\.\. covers: (S\d\d(?:, S\d\d)*)$", re.MULTILINE)


def sources(pages: list[str]) -> Iterator[tuple[str, str]]:
    """Docname and source of each page that is reStructuredText, as all notes are."""
    for page in pages:
        path = ROOT / f"{page}.rst"
        if path.exists():
            yield page, path.read_text("utf-8")


@pytest.fixture(scope="module")
def homes(site: Site) -> dict[str, list[str]]:
    """Id of each statement to the pages that say they cover it."""
    found = defaultdict(list)
    for page, text in sources(site.pages):
        for match in COVERS.finditer(text):
            for statement in match[1].split(", "):
                found[statement].append(page)
    return dict(found)


def test_every_statement_of_2020_has_exactly_one_home(homes: dict[str, list[str]]) -> None:
    assert set(STATEMENTS) == {f"S{number:02}" for number in range(1, 50)}
    assert set(homes) == set(STATEMENTS)
    assert {s: pages for s, pages in homes.items() if len(pages) != 1} == {}


def test_no_mark_of_coverage_is_misspelt(site: Site) -> None:
    for page, text in sources(site.pages):
        marked = [line for line in text.splitlines() if re.search(r"\.\.\s*covers\b", line)]
        assert len(marked) == len(COVERS.findall(text)), page


def test_the_items_of_each_statement_are_cited_at_its_home(
    site: Site, homes: dict[str, list[str]]
) -> None:
    missing = {
        statement: key
        for statement, content in STATEMENTS.items()
        for key in content.cites
        if key not in site.cited.get(homes[statement][0], ())
    }
    assert missing == {}


def test_the_board_of_2020_has_a_row_for_each_entry(site: Site) -> None:
    section = next(
        section
        for section in site.doctree("subinterpreters/todo-2020").findall(nodes.section)
        if "todo-2020" in section["ids"]
    )
    summary, board = list(section.findall(nodes.table))[:2]
    counts = [row.children[1].astext() for row in summary.findall(nodes.row)][1:]
    rows = list(board.findall(nodes.row))[1:]
    # The last count is that of all, which the build makes; so do the two pages that name it.
    assert sum(map(int, counts[:-1])) == len(rows)
    for page, told in (
        ("subinterpreters/todo-2020", f"each of the {len(rows)} entries"),
        ("index", f"{len(rows)} entries of the list of 2020"),
    ):
        text = (site.folder / f"{page}.html").read_text("utf-8")
        assert told in html_texts.unescape(re.sub(r"<[^>]+>", "", text))
    # Each leads to the section that tells its story, and has its evidence in the last cell.
    assert all(row.next_node(addnodes.pending_xref) for row in rows)
    without = [
        row.astext() for row in rows if not any(map(is_evidence, row.children[-1].findall()))
    ]
    assert without == []


class Page(HTMLParser):
    """What a page refers to, and what its links to tracker items say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        #: (tag, attribute, value) of everything that a browser loads or may follow.
        self.urls: list[tuple[str, str, str]] = []
        #: Each id and how often it is there.
        self.ids: Counter[str] = Counter()
        #: Address and badge of each link that has a badge.
        self.badges: list[tuple[str, str]] = []
        self.titles = 0
        self._address = ""
        self._in_badge = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.titles += tag == "h1"
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        for name in ("href", "src", "srcset", "data", "action", "poster", "ping", "xlink:href"):
            if name in attributes:
                self.urls.append((tag, name, attributes[name]))
        if tag == "a":
            self._address = attributes.get("href", "")
        self._in_badge = "refstatus" in attributes.get("class", "").split()

    def handle_data(self, data: str) -> None:
        if self._in_badge:
            self.badges.append((self._address, data.strip()))
            self._in_badge = False


@pytest.fixture(scope="module")
def html(site: Site) -> dict[Path, Page]:
    """Every HTML file of the site, parsed, by its path inside the site."""
    return {
        path.relative_to(site.folder): Page(path.read_text("utf-8")) for path in site.html_files()
    }


def test_every_item_cited_shows_the_state_that_its_record_has(
    site: Site, html: dict[Path, Page]
) -> None:
    """But for a commit that nobody took back, which has no badge."""
    snapshot = read(ROOT / "_data/references.jsonl")
    wording = Wording("en")
    for page, keys in site.cited.items():
        shown = {
            (str(snapshot.status(link.reference).reference), words)
            for address, words in html[Path(f"{page}.html")].badges
            if (link := parse_url(address))
        }
        badges = (wording.badge(snapshot.status(Reference.from_key(key))) for key in keys)
        assert shown == {
            (str(badge.status.reference), badge.words)
            for badge in badges
            if badge.words != name_state(State.COMMIT)
        }


def test_no_badge_stands_outside_a_link_to_an_item(html: dict[Path, Page]) -> None:
    for path, page in html.items():
        if path != Path("refstatus.html"):  # which shows all badges and explains them
            assert [address for address, _ in page.badges if not parse_url(address)] == [], path


#: What a browser follows when it is told to, and does not load by itself.
FOLLOWED = {("a", "href"), ("form", "action")}


def test_no_page_loads_anything_from_elsewhere(site: Site, html: dict[Path, Page]) -> None:
    for path, page in html.items():
        loaded = [url for tag, name, url in page.urls if (tag, name) not in FOLLOWED]
        assert [url for url in loaded if urlsplit(url).netloc] == [], path
    # In styles of a page or an element, too.
    for file in (*site.html_files(), *site.folder.rglob("*.css")):
        content = file.read_text("utf-8")
        assert not re.search(r"@import|url\(\s*(?:['\"]|&quot;)?(https?:)?//", content), file


def test_links_between_pages_lead_somewhere(site: Site, html: dict[Path, Page]) -> None:
    broken = []
    for path, page in html.items():
        if path.name in {"404.html", "genindex.html", "search.html"}:
            continue
        for tag, _, url in page.urls:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = (
                path
                if not parts.path
                else Path(
                    *(site.folder / path.parent / unquote(parts.path))
                    .resolve()
                    .relative_to(site.folder.resolve())
                    .parts
                )
            )
            if not (site.folder / target).exists() or (
                tag == "a"
                and parts.fragment
                and target in html
                and unquote(parts.fragment) not in html[target].ids
            ):
                broken.append((str(path), url))
    assert broken == []


def test_every_page_has_one_title(site: Site, html: dict[Path, Page]) -> None:
    titles = {page: html[Path(f"{page}.html")].titles for page in site.pages}
    assert titles == dict.fromkeys(site.pages, 1)


def test_no_page_has_an_id_twice(html: dict[Path, Page]) -> None:
    twice = {
        str(path): [name for name, count in page.ids.items() if count > 1]
        for path, page in html.items()
    }
    assert {path: names for path, names in twice.items() if names} == {}


def test_the_build_has_no_code_that_could_use_the_network(site: Site) -> None:
    imported = set(site.report.modules)
    assert {"sphinx_snapshots.refstatus.snapshot", "sphinx_snapshots.diagrams.domain"} <= imported
    # All that is imported by the commands and by no part of a build.
    package = "sphinx_snapshots"
    commands = {f"{package}.{name}.__main__" for name in ("behavior", "diagrams", "refstatus")}
    assert not imported & commands
    assert not [name for name in imported if name.startswith(f"{package}.refstatus.refresh")]
    # Neither the renderer of the diagrams, which is not even installed with the site alone.
    assert not {"mermaid_render", "quickjs"} & imported


def test_the_pages_of_the_site_are_named_as_documented(site: Site) -> None:
    assert set(site.pages) == {
        "CONTRIBUTING",
        "behavior/extension",
        "behavior/finalization",
        "behavior/finalization-at-exit",
        "behavior/finalization-c",
        "behavior/finalization-late-del",
        "behavior/import-in-subinterpreter",
        "behavior/index",
        "behavior/module-index",
        "behavior/own-gil",
        "behavior/python-api",
        "behavior/reimport",
        "behavior/sharing",
        "behavior/subinterpreter",
        "behavior/traceability",
        "finalization/daemon-threads",
        "finalization/exit-callbacks",
        "finalization/fatal-errors",
        "finalization/garbage-collection",
        "finalization/guards",
        "finalization/index",
        "finalization/internals",
        "finalization/messages-at-exit",
        "finalization/objects-at-exit",
        "finalization/open-issues",
        "finalization/rules",
        "finalization/sequence",
        "finalization/subinterpreters",
        "glossary",
        "index",
        "linkcheck",
        "messages",
        "prose-lint",
        "references",
        "references-by-date",
        "references-by-page",
        "references-changes",
        "refstatus",
        "refstatus-changes",
        "releases",
        "subinterpreters/conversion",
        "subinterpreters/free-threading",
        "subinterpreters/heap-types",
        "subinterpreters/index",
        "subinterpreters/interpreters",
        "subinterpreters/life",
        "subinterpreters/limitations",
        "subinterpreters/module-indexing",
        "subinterpreters/module-state",
        "subinterpreters/multi-phase-init",
        "subinterpreters/per-interpreter-gil",
        "subinterpreters/processes",
        "subinterpreters/python-api",
        "subinterpreters/refused-modules",
        "subinterpreters/resources",
        "subinterpreters/shared-objects",
        "subinterpreters/todo-2020",
        "subinterpreters/users",
        "supported",
        "use-refstatus",
    }


@pytest.mark.parametrize(
    ("label", "page"),
    [
        ("subinterpreters", "subinterpreters/index"),
        ("per-interpreter-gil", "subinterpreters/per-interpreter-gil"),
        ("todo-2020", "subinterpreters/todo-2020"),
        ("limitations", "subinterpreters/limitations"),
        ("heap-types", "subinterpreters/heap-types"),
        ("multi-phase-init", "subinterpreters/multi-phase-init"),
        ("module-indexing", "subinterpreters/module-indexing"),
        ("module-lookup", "subinterpreters/module-state"),
        ("module-state", "subinterpreters/module-state"),
        ("resources", "subinterpreters/resources"),
        ("finalization", "finalization/index"),
        ("finalization-sequence", "finalization/sequence"),
        ("daemon-threads", "finalization/daemon-threads"),
        ("objects-at-exit", "finalization/objects-at-exit"),
        ("gc-at-exit", "finalization/garbage-collection"),
        ("glossary", "glossary"),
        ("references", "references"),
        ("references-by-date", "references-by-date"),
        ("references-by-page", "references-by-page"),
        ("contributing", "CONTRIBUTING"),
    ],
)
def test_other_projects_can_link_by_label(site: Site, label: str, page: str) -> None:
    inventory = InventoryFile.loads((site.folder / "objects.inv").read_bytes(), uri="")
    assert inventory.data["std:label"][label].uri.partition("#")[0] == f"{page}.html"


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("pyinterpreterconfig", "subinterpreters/per-interpreter-gil"),
        ("m_index", "subinterpreters/module-indexing"),
        ("atexit", "finalization/sequence"),
        ("daemon", "finalization/daemon-threads"),
    ],
)
def test_search_finds_the_page(site: Site, word: str, page: str) -> None:
    text = (site.folder / "searchindex.js").read_text("utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    found: set[int] = set()
    for group in ("terms", "titleterms"):
        hits = index[group].get(word, [])
        found.update(hits if isinstance(hits, list) else [hits])
    assert page in {index["docnames"][number] for number in found}


def test_the_page_for_a_wrong_address_works_from_any_depth(html: dict[Path, Page]) -> None:
    page = html[Path("404.html")]
    local = [url for _, _, url in page.urls if not urlsplit(url).scheme and not url.startswith("#")]
    assert local
    assert [url for url in local if not url.startswith("/")] == []


def test_the_drawings_are_what_their_sources_draw() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sphinx_snapshots.diagrams", "check", "--source", ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r"},
        {"READTHEDOCS_GIT_CLONE_URL": "https://github.com/o/r.git"},
    ],
)
def test_a_published_site_links_to_its_sources(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    options = runpy.run_path(os.fspath(ROOT / "conf.py"))["html_theme_options"]
    assert options["source_repository"] == "https://github.com/o/r"
