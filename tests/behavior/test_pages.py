"""Probes on the pages: marks, tables, results, and what is re-written when those change."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from docutils.utils import new_document
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
from sphinx_snapshots.behavior.domain import BehaviorDomain, Mark
from sphinx_snapshots.behavior.marks import MarkLink, join_marks
from sphinx_snapshots.behavior.matrix import Matrix, MatrixCell, MatrixHead, MatrixRow
from sphinx_snapshots.behavior.model import Observation, Outcome, Series, Version, name_series
from sphinx_snapshots.behavior.snapshot import Span
from sphinx_snapshots.behavior.tables import columns, outcomes_in_words, stretches

if TYPE_CHECKING:
    from site_builds import MakeApp
    from sphinx.testing.util import SphinxTestApp

RESULTS = Path("_data/behavior.jsonl")
PARTS = MatrixHead | MatrixCell
HOSTILE = "RuntimeError: <script>alert(1)</script> & \\textbf{x} `y`"


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return Path(shutil.copytree(rootdir / "test-behavior", tmp_path / "site"))


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Path:
    """The site for tests that change nothing: each format is written once.

    It shows a probe on a second page, two in a chosen order, and cites one twice in a section.
    """
    site = tmp_path_factory.mktemp("behavior") / "site"
    shutil.copytree(rootdir / "test-behavior", site)
    too = ".. behavior-probes:: start-thread\n"
    (site / "shown-too.rst").write_text(f":orphan:\n\nToo\n===\n\n{too}")
    listed = ".. behavior-probes::\n\n   start-thread\n   index-of-module\n"
    (site / "shown-in-order.rst").write_text(f":orphan:\n\nOrder\n=====\n\n{listed}")
    edit(site / "notes.rst", "is forked.", "is forked, :probe:`fork-a-process` in no thread.")
    return site


def build(
    make_app: MakeApp, site: Path, builder: str = "html", **settings: object
) -> SphinxTestApp:
    app = make_app(builder, srcdir=site, confoverrides=settings)
    app.build()
    return app


def cells(doctree: nodes.document, number: int = 0) -> list[list[tuple[str, int]]]:
    """Text and width (in columns) of each cell of a table, row by row."""
    table = list(doctree.findall(nodes.table))[number]
    return [
        [(cell.astext(), 1 + cell.get("morecols", 0)) for cell in row.findall(nodes.entry)]
        for row in table.findall(nodes.row)
    ]


def matrix(doctree: nodes.document) -> list[list[tuple[str, int]]]:
    """The same of the first table of results in HTML, which is no table of docutils."""
    table = next(iter(doctree.findall(Matrix)))
    rows = [
        [(cell.astext(), cell.get("width", 1)) for cell in row.children if isinstance(cell, PARTS)]
        for row in table.children
        if isinstance(row, MatrixRow)
    ]
    return [[(head, 1) for head in table["heads"]], *rows]


def citations(app: SphinxTestApp, probe: str) -> list[str]:
    return [page for page, _ in BehaviorDomain.of(app.env).citations_of(probe)]


# Marks -----------------------------------------------------------------------------------------


def test_a_mark_says_what_came_of_the_run_and_leads_to_the_row_of_its_probe(
    make_app: MakeApp, unchanged: Path
) -> None:
    app = build(make_app, unchanged)
    mark, *others = resolved(app, "notes").findall(MarkLink)
    assert mark["label"] == "run: works on 3.11 to 3.14"
    assert mark["number"] == "1"
    html = (app.outdir / "notes.html").read_text()
    assert 'started.<a class="behavior-mark" href="#run-start-thread" aria-label="run: ' in html
    assert '<tr id="run-start-thread" role="row"><th scope="row"' in html
    assert "_static/behavior.js" in html
    assert "_static/behavior.js" not in (app.outdir / "shown.html").read_text()
    # Two marks of a sentence are one; the site cites the probe twice in it.
    assert [other["label"] for other in others] == [
        "run: raises on 3.11 to 3.12, crashes on 3.13, hangs on 3.14"
    ]
    assert warnings(app) == []


def test_a_mark_in_other_formats_is_the_number_of_its_row(
    make_app: MakeApp, unchanged: Path
) -> None:
    text = (build(make_app, unchanged, "text").outdir / "notes.txt").read_text()
    assert "A thread may be started. [1]" in text
    assert "No process is forked, in no thread. [2]" in text
    assert "Behavior by version" in text
    assert "[1] A thread starts in" in text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("One. {} Two. {}", ["1", "2"]),
        ("One. {} {} Three. {}", ["12", "3"]),
        ("One {}. Two. {}", ["1", "2"]),
        ("One {}, and two. {}", ["12"]),
        ("One {}. Two {}.", ["1", "2"]),
        ("On 3.12 {} e.g. two {}.", ["12"]),
        ('"One." {} (Two!) {} Three {}', ["1", "2", "3"]),
    ],
)
def test_the_marks_of_a_sentence_are_joined(text: str, kept: list[str]) -> None:
    first, *parts = text.split("{}")
    paragraph = nodes.paragraph("", first)
    for number, part in enumerate(parts, 1):
        paragraph += [Mark(number=number), nodes.Text(part)]
    document = new_document("page")
    document += paragraph
    groups = list(join_marks(document))
    assert ["".join(str(mark["number"]) for mark in marks) for marks in groups] == kept
    left = [node for node in paragraph if isinstance(node, Mark)]
    assert left == [marks[-1] for marks in groups]
    assert " ," not in paragraph.astext()


def test_a_page_keeps_nothing_of_the_documents_that_its_claims_were_parsed_in(
    make_app: MakeApp, unchanged: Path
) -> None:
    """Their settings know the whole environment, which each page would be written with."""
    app = build(make_app, unchanged)
    for docname in app.env.found_docs:
        page = app.env.get_doctree(docname)
        assert [node for node in page.findall() if node.document is not page] == []


def test_the_foot_of_a_page_has_a_row_for_each_probe_that_it_cites(
    make_app: MakeApp, unchanged: Path
) -> None:
    app = build(make_app, unchanged)
    heads, *rows = matrix(resolved(app, "notes"))
    assert [row[0][0] for row in rows] == [
        "A thread starts in threading.",
        "os.fork() raises, crashes or hangs.",
    ]
    assert len(heads) == 5
    html = (app.outdir / "notes.html").read_text()
    assert '<section id="behavior-by-version">' in html
    assert html.index("Books.") < html.index('<section id="behavior-by-version">')
    assert html.count('href="#behavior-by-version"') > 1  # "on this page" has it
    assert 'colspan="2"' in html
    # A page without marks has none.
    assert "behavior-by-version" not in (app.outdir / "more-notes.html").read_text()


def test_marks_tables_and_results_speak_the_language_of_the_site(
    make_app: MakeApp, site: Path
) -> None:
    app = build(make_app, site, "text", language="de")
    assert "Verhalten nach Version" in (app.outdir / "notes.txt").read_text("utf-8")
    shown = (app.outdir / "shown.txt").read_text("utf-8")
    for words in ("Ergebnis", "Beobachtet", "Erwähnt in", "Ausnahme"):
        assert words in shown
    english = r"\b(works|Outcome|Seen|Cited in)\b"
    assert re.findall(english, shown) == []


def test_a_mark_leaves_out_the_series_that_lack_the_thing(make_app: MakeApp, site: Path) -> None:
    edit(site / "notes.rst", ":probe:`start-thread`", ":probe:`index-of-module`")
    marks = resolved(build(make_app, site), "notes").findall(MarkLink)
    assert next(iter(marks))["label"] == "run: works on 3.13 to 3.14"


def test_an_unknown_probe_is_a_warning_with_advice_and_plain_text(
    make_app: MakeApp, site: Path
) -> None:
    edit(site / "notes.rst", ":probe:`start-thread`", ":probe:`start-thred`")
    app = build(make_app, site, "text")
    assert warnings(app) == [
        (
            "notes.rst:4: WARNING: there is no probe 'start-thred'; did you mean 'start-thread'? "
            "[behavior.unknown]"
        )
    ]
    assert ":probe:`start-thred`" in (app.outdir / "notes.txt").read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".. behavior-probes:: none", "there is no probe 'none'"),
        (
            ".. behavior-table::\n\n   start-thread\n   none",
            "there is no probe 'none'",
        ),
    ],
)
def test_a_directive_names_what_it_does_not_find(
    make_app: MakeApp, site: Path, text: str, message: str
) -> None:
    (site / "wrong.rst").write_text(f":orphan:\n\nWrong\n=====\n\n{text}\n")
    app = build(make_app, site, "dummy")
    assert warnings(app) == [f"wrong.rst:6: WARNING: {message} [behavior.unknown]"]


def test_probes_are_sections_and_stand_where_these_can(make_app: MakeApp, site: Path) -> None:
    text = ".. note::\n\n   .. behavior-probes:: start-thread"
    (site / "wrong.rst").write_text(f":orphan:\n\nWrong\n=====\n\n{text}\n")
    app = build(make_app, site, "dummy")
    told = " ".join(warnings(app))
    assert "wrong.rst:8: ERROR: each probe is a section: put this where a section can" in told


# Tables ----------------------------------------------------------------------------------------


def test_neighboring_series_that_showed_the_same_share_a_cell(
    make_app: MakeApp, unchanged: Path
) -> None:
    app = build(make_app, unchanged)
    heads, *rows = matrix(resolved(app, "more-notes"))
    assert heads == [(text, 1) for text in ("What was run", "3.11", "3.12", "3.13", "3.14")]
    assert rows == [
        [
            ("A thread starts in threading.", 1),
            ("3.11 to 3.12: works: an empty line", 2),
            (
                "3.13: to 3.13.0: works: an empty line\n\n3.13: from 3.13.5: works: two lines",
                1,
            ),
            ("3.14: works: two lines", 1),
        ],
        [
            ("os.fork() raises, crashes or hangs.", 1),
            ("3.11 to 3.12: raises RuntimeError", 2),
            ("3.13: crashes", 1),
            ("3.14: hangs", 1),
        ],
        [("A module has an index.", 1), ("3.11 to 3.12: absent", 2), ("3.13 to 3.14: works: 1", 2)],
    ]


def test_each_cell_leads_to_the_exact_result(make_app: MakeApp, unchanged: Path) -> None:
    app = build(make_app, unchanged)
    targets = [node["refuri"] for node in resolved(app, "more-notes").findall(nodes.reference)]
    page = (app.outdir / "shown.html").read_text()
    assert "shown.html#probe-start-thread-3-13-5" in targets
    assert len(targets) == 4 + 3 + 2
    for target in targets:
        assert f'id="{target.removeprefix("shown.html#")}"' in page


def test_a_probe_is_shown_with_its_results_its_program_and_who_cites_it(
    make_app: MakeApp, unchanged: Path
) -> None:
    app = build(make_app, unchanged)
    doctree = resolved(app, "shown")
    assert cells(doctree) == [
        [("CPython", 1), ("Outcome", 1), ("Seen", 1)],
        [("3.11 to 3.12 (3.11.7, 3.12.1)", 1), ("raises", 1), (HOSTILE, 1)],
        [("3.13 (3.13.0)", 1), ("crashes", 1), ("SIGABRT: Fatal Python error: none", 1)],
        [("3.14 (3.14.2)", 1), ("hangs", 1), ("the parent", 1)],
    ]
    programs = [
        (block["language"], block.astext()) for block in doctree.findall(nodes.literal_block)
    ]
    assert programs[0] == ("python", "import os\n\nos.fork()\n")
    assert programs[2] == ("c", "int index_of(void) { return 1 < 2; }\n")
    text = doctree.astext()
    assert "Cited in More notes, Notes: Processes." in text
    assert "Nobody waits for it." in text
    html = (app.outdir / "shown.html").read_text()
    assert html.count('<details class="behavior-program">') == 3
    assert "<script>alert(1)" not in html
    assert "<code>threads/fork-a-process.py</code>" in html


def test_probes_stand_in_the_chosen_order_under_headings_of_their_own(
    make_app: MakeApp, unchanged: Path
) -> None:
    app = build(make_app, unchanged)
    doctree = resolved(app, "shown-in-order")
    page, *sections = doctree.findall(nodes.section)
    assert isinstance(page[1], Matrix)
    assert [(section["ids"], section[0].astext()) for section in sections] == [
        (["probe-start-thread"], "A thread starts in threading."),
        (["probe-index-of-module"], "A module has an index."),
    ]
    # The heading says the claim once.
    assert sections[0].astext().count("A thread starts") == 1
    assert citations(app, "start-thread") == ["more-notes", "notes"]


def test_a_debug_build_is_told_where_it_shows_something_else(make_app: MakeApp, site: Path) -> None:
    digest = re.findall(r'"fork-a-process".*"digest":"(\w+)"', (site / RESULTS).read_text())[0]
    line = (
        '{{"probe":"fork-a-process","version":"{}","outcome":"{}","detail":"{}","digest":"{}"}}\n'
    )
    with (site / RESULTS).open("a") as file:
        file.write(line.format("3.14.2+debug", "hangs", "the parent", digest))
        file.write(line.format("3.13.0+debug", "crashes", "SIGABRT: x.c:1: Assertion", digest))
        file.write(line.format("3.12.1+debug", "hangs", "the child", digest))
    app = build(make_app, site)
    assert warnings(app) == []
    shown = resolved(app, "shown")
    assert cells(shown)[-1] == [
        ("3.13 debug build (3.13.0)", 1),
        ("crashes", 1),
        ("SIGABRT: x.c:1: Assertion", 1),
    ]
    assert "Debug builds that show the same as their release: 3.14.2." in shown.astext()
    notes = resolved(app, "more-notes")
    told = [text for row in matrix(notes) for text, _ in row]
    # The same word needs no second line, whatever the message was.
    assert "3.13: crashes" in told
    assert "3.11 to 3.12: raises RuntimeError\n\n3.12 debug build: hangs" in told
    targets = {node["refuri"] for node in notes.findall(nodes.reference)}
    assert "shown.html#probe-fork-a-process-3-12-debug" in targets
    assert 'id="probe-fork-a-process-3-13-debug"' in (app.outdir / "shown.html").read_text()


# What is missing -------------------------------------------------------------------------------


def test_a_probe_that_no_statement_cites_is_a_warning(make_app: MakeApp, site: Path) -> None:
    edit(site / "more-notes.rst", "   index-of-module\n", "")
    assert warnings(build(make_app, site, "dummy")) == [
        (
            "probes/index/index-of-module.c:1: WARNING: no statement cites the probe "
            "'index-of-module'; write :probe:`index-of-module` behind one [behavior.uncited]"
        )
    ]


def test_a_probe_that_no_page_shows_is_a_warning(make_app: MakeApp, site: Path) -> None:
    edit(site / "shown.rst", "   index-of-module\n", "")
    app = build(make_app, site)
    assert warnings(app) == [
        (
            "probes/index/index-of-module.c:1: WARNING: no page shows the probe 'index-of-module'; "
            "write '.. behavior-probes:: index-of-module' on one [behavior.homeless]"
        )
    ]
    assert "A module has an index." in (app.outdir / "more-notes.html").read_text()


def test_results_that_are_missing_are_warnings_in_every_build(
    make_app: MakeApp, site: Path
) -> None:
    lines = (site / RESULTS).read_text().splitlines(keepends=True)
    kept = [line for line in lines if "index-of" not in line and '"3.12.1"' not in line]
    (site / RESULTS).write_text("".join(kept))
    expected = [
        "probes/index/index-of-module.c:1: has no results",
        "probes/threads/fork-a-process.py:1: has no result for 3.12",
        "probes/threads/start-thread.py:1: has no result for 3.12",
    ]
    told = re.compile(
        r"(probes/.*:1: )WARNING: the probe '.*' (has no result.*); run: make probe \[behavior"
    )
    for _ in range(2):
        app = build(make_app, site)
        found = [told.match(line) for line in warnings(app)]
        assert sorted("".join(match.groups()) for match in found if match) == expected
    assert "no result" in (app.outdir / "more-notes.html").read_text()
    assert "There are no results yet." in (app.outdir / "shown.html").read_text()


def test_a_probe_that_changed_since_it_was_run_is_a_warning_in_every_build_and_told_on_its_page(
    rebuild: Rebuilder, make_app: MakeApp, site: Path
) -> None:
    rebuild()
    edit(site / "probes/threads/start-thread.py", "target=print", "target=repr")
    assert rebuild().written == {"more-notes", "notes", "shown"}
    told = (
        "probes/threads/start-thread.py:1: WARNING: the probe 'start-thread' has changed since it "
        "was run on 3.11.7, 3.12.1, 3.13.0, 3.13.5, 3.14.2; run: make probe; or, to drop what "
        "versions showed that are not on this machine: "
        "make probe PROBEOPTS='start-thread --anew' [behavior.stale]"
    )
    for _ in range(2):
        app = build(make_app, site)
        assert [line for line in warnings(app) if "[behavior" in line] == [told]
    html = (app.outdir / "shown.html").read_text()
    assert html.count("The program has changed since it was run on 3.11.7, 3.12.1, 3.13.0,") == 1


def test_another_wording_of_a_claim_leaves_the_results_valid(make_app: MakeApp, site: Path) -> None:
    edit(site / "probes/threads/start-thread.py", "A thread starts", "A new thread starts")
    edit(site / "probes/index/index-of-module.c", "A module has", "Each module has")
    assert warnings(build(make_app, site, "dummy")) == []


def test_warnings_can_be_silenced_by_type(make_app: MakeApp, site: Path) -> None:
    (site / RESULTS).write_text('{"format":2}\n')
    silenced = ["behavior.results"]
    assert warnings(build(make_app, site, "dummy", suppress_warnings=silenced)) == []


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (RESULTS, '{"format":2}\n{"probe":1}\n', r"behavior\.jsonl:2: "),
        (Path("probes/threads/start-thread.py"), "import os\n", "there is no docstring"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_build(
    make_app: MakeApp, site: Path, file: Path, content: str, message: str
) -> None:
    (site / file).write_text(content)
    with pytest.raises(ExtensionError, match=message):
        make_app("dummy", srcdir=site)


def test_series_that_are_none_stop_the_build(make_app: MakeApp, site: Path) -> None:
    with pytest.raises(
        ExtensionError, match=r"behavior_series is \['4'\]; write .*'4' is not a series"
    ):
        make_app("dummy", srcdir=site, confoverrides={"behavior_series": ["4"]})


# Traceability ----------------------------------------------------------------------------------


def test_the_appendix_counts_the_sections_with_and_without_probes(
    make_app: MakeApp, unchanged: Path
) -> None:
    app = build(make_app, unchanged)
    text = resolved(app, "traced").astext()
    # "Sources" and a section without prose state nothing; other pages do not count.
    assert (
        "Probes: 3, cited by statements: 3. "
        "Sections that state something: 3, with a probe: 2, without: 1." in text
    )
    assert "Notes: 2 of 3 sections" in text
    assert "Notes: start-thread" in text
    assert "Processes: fork-a-process" in text
    assert "without a probe: Silence" in text


def test_a_table_above_the_probes_is_no_citation(make_app: MakeApp, site: Path) -> None:
    edit(site / "notes.rst", " :probe:`start-thread`", "")
    edit(site / "more-notes.rst", "   start-thread\n", "")
    assert [line for line in warnings(build(make_app, site, "dummy")) if "uncited" in line]


# Rebuilds --------------------------------------------------------------------------------------


@pytest.fixture
def rebuild(make_app: MakeApp, site: Path, parallel: int) -> Rebuilder:
    return Rebuilder(make_app, site, parallel)


@with_one_process_and_two
def test_a_changed_result_writes_the_pages_that_show_it_and_reads_none(
    rebuild: Rebuilder, site: Path
) -> None:
    rebuild()
    assert rebuild() == NOTHING
    edit(site / RESULTS, '"detail":"the parent"', '"detail":"the child"')
    assert rebuild() == Report(set(), {"notes", "more-notes", "shown"})
    edit(
        site / RESULTS,
        '"3.13.0","outcome":"works","detail":"1"',
        '"3.13.0","outcome":"works","detail":"2"',
    )
    assert rebuild() == Report(set(), {"more-notes", "shown"})
    edit(
        site / RESULTS,
        '{"probe":"start-thread","version":"3.11.7"',
        '{"probe":"start-thread","version":"3.11.7+debug","outcome":"hangs","detail":"it","digest":'
        '"e3db7464c6bbe6c9"}\n{"probe":"start-thread","version":"3.11.7"',
    )
    assert "shown" in rebuild().written


def test_a_new_citation_is_told_where_the_probe_is_shown(rebuild: Rebuilder, site: Path) -> None:
    rebuild()
    edit(site / "notes.rst", "Books.", "Books. :probe:`index-of-module`")
    assert rebuild() == Report({"notes"}, {"notes", "shown", "traced"})


def test_a_page_that_names_an_unknown_probe_is_read_until_there_is_one(
    rebuild: Rebuilder, site: Path
) -> None:
    edit(site / "notes.rst", ":probe:`start-thread`", ":probe:`another`")
    rebuild()
    assert rebuild().read == {"notes"}
    (site / "probes/index/another.py").write_text('"""Another claim."""\n\nprint()\n')
    assert rebuild().read == {"notes"}
    assert rebuild().read == set()
    (site / "probes/index/another.py").unlink()
    assert rebuild().read == {"notes"}


def test_a_changed_program_reads_the_pages_that_show_it(rebuild: Rebuilder, site: Path) -> None:
    rebuild()
    edit(site / "probes/index/index-of-module.c", "1 < 2", "2 < 3")
    assert rebuild().read == {"more-notes", "shown"}
    # The table at the foot has the claim.
    edit(site / "probes/threads/start-thread.py", "A thread starts", "A new thread starts")
    assert rebuild().read == {"more-notes", "notes", "shown"}


def test_pages_read_in_parallel_are_all_known(make_app: MakeApp, site: Path) -> None:
    app = make_app("dummy", srcdir=site, parallel=4)
    app.build()
    assert sorted(BehaviorDomain.of(app.env).pages) == ["more-notes", "notes", "shown", "traced"]


@pytest.mark.parametrize(
    "builder",
    ["html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "texinfo", "xml"],
)
def test_every_format_is_built_without_a_warning(
    make_app: MakeApp, unchanged: Path, builder: str
) -> None:
    app = build(make_app, unchanged, builder)
    assert warnings(app) == []
    for file in app.outdir.glob("*.tex"):  # each column has its share of the paper
        columns = re.findall(r"\\begin\{longtable\}\{([^\n]*)\}\n", file.read_text("utf-8"))
        shares = r"\X{36}{68}" + 4 * r"\X{8}{68}"
        assert set(columns) == {shares}


def test_what_is_for_translators_is_built_without_a_warning(make_app: MakeApp, site: Path) -> None:
    # It has doctrees of its own.
    assert warnings(build(make_app, site, "gettext")) == []


# The words -------------------------------------------------------------------------------------


def span(last: str, detail: str, first: str | None = None) -> Span:
    outcome = Outcome.ABSENT if detail == "absent" else Outcome.WORKS
    start = Version(first) if first else None
    return Span(start, Version(last), Observation(outcome, detail))


def row(*spans: Span) -> dict[Series, tuple[Span, ...]]:
    found: dict[Series, tuple[Span, ...]] = {}
    for one in spans:
        found[one.last.series] = (*found.get(one.last.series, ()), one)
    return found


ALL = tuple(map(Series.from_text, ("3.8", "3.9", "3.10", "3.11", "3.12")))


@pytest.mark.parametrize(
    ("spans", "names"),
    [
        ([], []),
        ([span("3.9.1", "a")], ["3.9"]),
        ([span("3.9.1", "a"), span("3.10.1", "a")], ["3.9 to 3.10"]),
        ([span("3.9.1", "a"), span("3.9.9", "b", "3.9.4")], ["3.9 up to 3.9.1", "3.9 from 3.9.4"]),
        (
            [
                span("3.8.1", "a"),
                span("3.9.1", "a"),
                span("3.9.9", "b", "3.9.4"),
                span("3.10.0", "b"),
            ],
            ["3.8 to 3.9.1", "3.9.4 to 3.10"],
        ),
    ],
)
def test_stretches_are_named_by_series_or_where_cut_by_version(
    spans: list[Span], names: list[str]
) -> None:
    assert [stretch.name for stretch in stretches(row(*spans))] == names


def test_columns_cover_every_series_once() -> None:
    found = columns(row(span("3.9.1", "a"), span("3.10.1", "a"), span("3.12.1", "b")), ALL)
    assert [tuple(map(str, series)) for series, _ in found] == [
        ("3.8",),
        ("3.9", "3.10"),
        ("3.11",),
        ("3.12",),
    ]
    assert [len(seen) for _, seen in found] == [0, 1, 0, 1]


def test_what_came_of_it_is_told_without_the_series_that_lack_it() -> None:
    known = row(
        span("3.8.1", "absent"), span("3.9.1", "a"), span("3.10.1", "a"), span("3.12.1", "b")
    )
    assert outcomes_in_words(known, ALL) == "works on 3.9 to 3.10 and 3.12"
    assert outcomes_in_words(row(span("3.8.1", "absent")), ALL) == "absent on 3.8"
    assert outcomes_in_words(row(), ALL) == ""


def test_series_are_named_in_runs() -> None:
    def name(*wanted: int) -> str:
        return name_series((ALL[number] for number in wanted), ALL)

    assert name(0, 2, 4) == "3.8, 3.10 and 3.12"
    assert name(0, 1, 2, 3, 4) == "3.8 to 3.12"
    assert name() == ""
