"""Diagrams in every kind of output, and what authors are warned of."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from diagrams_site import LOOKUP, NAMES, OFFLINE, OLD, Page, Site, files, svg
from docutils import nodes
from site_builds import resolved, warnings
from sphinx_snapshots.diagrams.domain import DiagramDomain
from sphinx_snapshots.diagrams.figures import DrawnDiagram, PdfError, TextVersion, make_pdf
from sphinx_snapshots.diagrams.svg import (
    KEY,
)
from sphinx_snapshots.diagrams.warnings import WarningType
from sphinxcontrib.mermaid import mermaid  # type: ignore[import-untyped]  # it ships no types


def test_pages_are_read(unchanged: Site) -> None:
    app = unchanged.build("dummy")
    assert warnings(app) == []
    found = {diagram.name: diagram for diagram in DiagramDomain.of(app.env).diagrams}
    assert sorted(found) == NAMES
    places = {name: (d.docname, Path(d.path).name, d.line) for name, d in found.items()}
    assert places == {
        "fig-calls": ("calls", "shared.inc", 1),
        "fig-hostile": ("hostile", "hostile.rst", 4),
        "fig-lookup": ("index", "index.rst", 6),
        "fig-markdown": ("markdown", "markdown.md", 3),
    }
    assert all(diagram.has_caption for diagram in found.values())
    assert found["fig-lookup"].text_form == LOOKUP


def test_doctree_keeps_the_source_only(unchanged: Site) -> None:
    app = unchanged.build("dummy")
    figure = next(app.env.get_doctree("index").findall(nodes.figure))
    assert figure["names"] == ["fig-lookup"]
    assert isinstance(figure[0], mermaid)
    assert "xyzzyassign" in figure[0]["code"]
    assert isinstance(figure[1], nodes.caption)


def test_environment_follows_the_pages(site: Site) -> None:
    site.build("dummy")
    site.write("hostile.rst", "Hostile\n=======\n")
    (site.source / "markdown.md").unlink()
    app = site.build("dummy", parallel=2)
    assert [diagram.name for diagram in DiagramDomain.of(app.env).diagrams] == [
        "fig-calls",
        "fig-lookup",
    ]


def test_every_problem_is_found_and_located(site: Site) -> None:
    site.write(
        "plain.rst",
        """Plain
=====

.. mermaid::

   flowchart TB
      a --> b

.. mermaid::
   :name: Fig A
   :caption: Unfit.

   flowchart TB
      accTitle: T
      accDescr: D
      a --> b

.. mermaid::
   :name: fig-lookup
   :caption: Name taken.

   flowchart TB
      accTitle: T
      a --> b
""",
    )
    (site.drawings / "fig-calls.svg").unlink()
    site.replace("markdown.md", "one --> two", "one --> three")
    site.replace("drawings/fig-hostile.svg", "<g>", "<g onclick='x()'>")
    app = site.build("dummy")
    found = [re.sub(r"\[docutils\]$", "", line) for line in warnings(app)]
    drawing = f"{site.drawings}/fig-hostile.svg".removeprefix(f"{app.srcdir}/")
    assert [line for line in found if "diagrams." in line] == [
        (
            "shared.inc:1: WARNING: diagram 'fig-calls' has no drawing; run 'make diagrams' "
            "[diagrams.missing]"
        ),
        (
            f"hostile.rst:4: WARNING: drawing {drawing} cannot be used: <g> has the attribute "
            "'onclick', which drawings do not use; run 'make diagrams' [diagrams.drawing]"
        ),
        (
            "markdown.md:3: WARNING: diagram 'fig-markdown' has changed since it was drawn; "
            "run 'make diagrams' [diagrams.stale]"
        ),
        (
            "plain.rst:4: WARNING: a diagram has no name; give it one, as in ':name: fig-import' "
            "[diagrams.name]"
        ),
        (
            "plain.rst:4: WARNING: a diagram has no caption; say with ':caption:' what it shows "
            "[diagrams.caption]"
        ),
        (
            "plain.rst:4: WARNING: a diagram has no accTitle and no accDescr; readers who do not "
            "see it get nothing else: put it below the first line [diagrams.accessibility]"
        ),
        (
            "plain.rst:9: WARNING: 'Fig A' does not fit as the name of a diagram; write lowercase "
            "words with hyphens, as in 'fig-import' [diagrams.name]"
        ),
        (
            "plain.rst:18: WARNING: diagram 'fig-lookup' has the name of the one at index.rst:6; "
            "rename one of them [diagrams.name]"
        ),
        (
            "plain.rst:18: WARNING: diagram 'fig-lookup' has no accDescr; readers who do not see "
            "it get nothing else: put it below the first line [diagrams.accessibility]"
        ),
        (
            "plain.rst:18: WARNING: diagram 'fig-lookup' has changed since it was drawn; "
            "run 'make diagrams' [diagrams.stale]"
        ),
    ]
    # Nothing is read or written now; the problems are still there, and so are the warnings.
    again = site.build("dummy")
    assert [line for line in warnings(again) if "diagrams." in line] == [
        line for line in found if "diagrams." in line
    ]


def test_warnings_can_be_suppressed_by_kind(site: Site) -> None:
    (site.drawings / "fig-calls.svg").unlink()
    app = site.build("dummy", suppress_warnings=["diagrams.missing"])
    assert warnings(app) == []


def test_page_without_its_drawing_shows_the_text(site: Site) -> None:
    (site.drawings / "fig-lookup.svg").unlink()
    site.replace("drawings/fig-calls.svg", "<g>", "<script>")
    site.replace("markdown.md", "fig-markdown", "../drawings/fig-markdown")
    app = site.build(nitpicky=False)
    assert LOOKUP in Page(app.outdir / "index.html").text
    assert Page(app.outdir / "index.html").find("svg") == []
    assert Page(app.outdir / "calls.html").find("svg") == []
    assert Page(app.outdir / "markdown.html").find("svg") == []


def test_diagram_without_name_and_caption_still_shows(site: Site) -> None:
    site.write(
        "plain.rst", "Plain\n=====\n\n.. mermaid::\n   :name: fig-plain\n\n   graph TB\n      a\n"
    )
    assert site.draw() == 0
    app = site.build()
    [figure] = resolved(app, "plain").findall(nodes.figure)
    assert figure["ids"] == ["fig-plain"]
    assert isinstance(figure[0], DrawnDiagram)
    page = Page(app.outdir / "plain.html")
    assert "fig-plain" in [attributes.get("id") for attributes in page.find("figure")]
    assert page.find("title")[1:] == []


def test_all_kinds_of_warning_exist() -> None:
    """``suppress_warnings`` can name each, so each must be one that exists."""
    assert set(WarningType) == {
        "missing",
        "stale",
        "drawing",
        "accessibility",
        "name",
        "caption",
        "pdf",
    }


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "json"])
def test_pages(unchanged: Site, builder: str) -> None:
    app = unchanged.build(builder)
    assert warnings(app) == []
    drawn = list(resolved(app, "index").findall(DrawnDiagram))
    assert [node["label"] for node in drawn] == ["How an index finds a module"]
    assert "modules_by_index" in drawn[0].astext()
    assert [node.astext() for node in resolved(app, "index").findall(TextVersion)] == [
        LOOKUP.partition(": ")[2]
    ]
    path = app.outdir / ("index.fjson" if builder == "json" else "index.html")
    if builder == "json":
        path = app.outdir / "body.html"
        body = json.loads((app.outdir / "index.fjson").read_text("utf-8"))["body"]
        path.write_text(body, "utf-8")
    page = Page(path)
    figures = page.find("figure")
    expected = ["fig-lookup"]
    if builder == "singlehtml":
        expected += ["fig-calls", "fig-hostile", "fig-markdown"]
    assert [figure["id"] for figure in figures] == expected
    assert [d.get("role") for d in page.find("svg")] == ["img"] * len(expected)
    for drawing in page.find("svg"):
        identifiers = [attributes.get("id") for _, attributes in page.elements]
        for reference in ("aria-labelledby", "aria-describedby"):
            assert identifiers.count(drawing[reference]) == 1
    assert len(page.find("details")) == len(expected)
    assert "Link to this image" in path.read_text("utf-8")
    assert "One index, two interpreters." in page.text


def test_references_to_diagrams(site: Site) -> None:
    site.write("plain.rst", "Plain\n=====\n\nSee :any:`fig-lookup`.\n")
    app = site.build()
    assert warnings(app) == []
    links = {
        attributes["href"]: attributes for attributes in Page(app.outdir / "index.html").find("a")
    }
    assert {"#fig-lookup", "calls.html#fig-calls", "markdown.html#fig-markdown"} <= links.keys()
    text = Page(app.outdir / "index.html").text
    assert "See One index, two interpreters. and Fig. 2, and the one in Markdown." in text


def test_hostile_text_stays_text(unchanged: Site) -> None:
    app = unchanged.build()
    page = Page(app.outdir / "hostile.html")
    assert page.find("img") == []
    assert not [text for text in page.scripts if "alert" in text]
    assert "onerror" not in {name for _, attributes in page.elements for name in attributes}
    assert "<script>alert(1)</script> & \"quoted\" 'title'" in page.text
    assert "<img src=x onerror=alert(2)> & \"quoted\" 'description'" in page.text
    assert "<script>alert(3)</script> &" in page.text
    markup = (app.outdir / "hostile.html").read_text("utf-8")
    assert markup.count("</figure>") == markup.count("</svg>") == 1
    assert app.warning.getvalue() == ""


def test_no_page_loads_a_script_or_asks_a_third_party(unchanged: Site) -> None:
    app = unchanged.build()
    pages = {path.name for path in app.outdir.glob("*.html")}
    assert pages >= {"index.html", "genindex.html", "search.html", "plain.html"}
    for path in app.outdir.glob("*.html"):
        markup = path.read_text("utf-8")
        assert "jsdelivr" not in markup
        assert "mermaid.esm" not in markup
        assert not [text for text in Page(path).scripts if "mermaid" in text or "import" in text]
        for source in Page(path).find("script"):
            assert (source.get("src") or "_static/").startswith(("_static/", "searchindex.js"))
        for link in Page(path).find("link"):
            assert "://" not in (link.get("href") or "")
    assert not list(app.outdir.rglob("*mermaid*"))


def test_style_sheet_is_loaded_where_it_is_needed(unchanged: Site) -> None:
    app = unchanged.build()
    assert (app.outdir / "_static/diagrams.css").is_file()

    def loads(page: str) -> bool:
        return "diagrams.css" in (app.outdir / page).read_text("utf-8")

    assert loads("index.html")
    assert loads("calls.html")
    assert not loads("plain.html")
    assert not loads("search.html")


def test_wide_drawings_can_be_reached_with_the_keyboard(site: Site) -> None:
    site.write(
        "plain.rst",
        "Plain\n=====\n\n.. mermaid::\n   :name: fig-wide\n   :caption: Wide.\n\n"
        '   flowchart TB\n      accTitle: Wide "one"\n      accDescr: Six.\n'
        + "".join(f"      a --> node{number}_of_some_length\n" for number in range(6)),
    )
    assert site.draw() == 0
    app = site.build()
    [wide] = [d for d in Page(app.outdir / "plain.html").find("div") if "tabindex" in d]
    assert (wide["role"], wide["aria-label"]) == ("group", 'Diagram: Wide "one"')
    [narrow] = [
        d
        for d in Page(app.outdir / "markdown.html").find("div")
        if "diagram-box" in (d.get("class") or "")
    ]
    assert "tabindex" not in narrow
    # With labels that are small already it is shown as it is.
    site.replace("drawings/fig-markdown.svg", 'font-size="16"', 'font-size="12"')
    markup = (site.build().outdir / "markdown.html").read_text("utf-8")
    assert 'class="diagram-box diagram-least-80"' in markup


def test_words_in_drawings_are_found_by_search(unchanged: Site) -> None:
    app = unchanged.build()
    index = (app.outdir / "searchindex.js").read_text("utf-8")
    assert "xyzzyassign" in index
    assert "xyzzyassign" not in (unchanged.source / "plain.rst").read_text("utf-8")


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_writers_without_pictures(unchanged: Site, builder: str) -> None:
    app = unchanged.build(builder, man_pages=[("index", "diagrams", "d", "nobody", 1)])
    assert warnings(app) == []
    paths = [path for path in app.outdir.rglob("*") if path.suffix in (".txt", ".1", ".texi")]
    text = " ".join(path.read_text("utf-8") for path in paths)
    assert LOOKUP in " ".join(text.split())
    assert "graph TB" not in text


def test_gettext_leaves_sources_alone(site: Site) -> None:
    app = site.build("gettext")
    assert warnings(app) == []
    text = "".join(path.read_text("utf-8") for path in app.outdir.glob("*.pot"))
    assert "One index, two *interpreters*." in text
    assert "How an index finds" not in text


def test_linkcheck_has_nothing_to_check(unchanged: Site) -> None:
    app = unchanged.build("linkcheck")
    assert warnings(app) == []
    assert "http" not in (app.outdir / "output.json").read_text("utf-8")


def test_epub_has_pictures(unchanged: Site) -> None:
    app = unchanged.build("epub")
    assert warnings(app) == []
    [image] = resolved(app, "index").findall(nodes.image)
    assert image["alt"] == LOOKUP
    with zipfile.ZipFile(next(app.outdir.glob("*.epub"))) as book:
        for name in NAMES:
            text = book.read(f"_images/{name}.svg").decode()
            ElementTree.fromstring(text)
            assert "var(" not in text
            assert KEY not in text
        for name in book.namelist():
            if name.endswith((".xhtml", ".opf")):
                ElementTree.fromstring(book.read(name))
        assert 'media-type="image/svg+xml"' in book.read("content.opf").decode()
        assert "<svg" not in book.read("index.xhtml").decode()


def test_epub_has_the_picture_of_a_changed_drawing(site: Site) -> None:
    site.build("epub")
    site.replace("drawings/fig-lookup.svg", "xyzzyassign", "plughassign")
    with zipfile.ZipFile(next(site.build("epub").outdir.glob("*.epub"))) as book:
        assert b"plughassign" in book.read("_images/fig-lookup.svg")


def test_latex_has_vector_pictures(site: Site) -> None:
    pytest.importorskip("svglib")
    app = site.build("latex")
    assert warnings(app) == []
    text = next(app.outdir.glob("*.tex")).read_text("utf-8")
    for name in NAMES:
        assert rf"\sphinxincludegraphics{{{{{name}}}.pdf}}" in text
        content = (app.outdir / f"{name}.pdf").read_bytes()
        assert content.startswith(b"%PDF-")
    site.build("latex")
    assert (app.outdir / f"{NAMES[-1]}.pdf").read_bytes() == content


def test_latex_without_svglib_has_text(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "svglib.svglib", None)
    app = site.build("latex")
    text = " ".join(next(app.outdir.glob("*.tex")).read_text("utf-8").split())
    assert LOOKUP in text
    found = [line for line in warnings(app) if "svglib is not installed" in line]
    assert len(found) == len(warnings(app)) == len(NAMES)
    assert all(line.endswith("[diagrams.pdf]") for line in found)


def test_same_bytes_in_one_process_and_in_two(site: Site) -> None:
    one = files(site.build("html").outdir)
    shutil.rmtree(site.source / "_build")
    two = files(site.build("html", parallel=2).outdir)
    assert one == two


def test_changed_drawing_writes_its_page_and_reads_none(site: Site) -> None:
    site.build()
    site.replace("drawings/fig-lookup.svg", "xyzzyassign", "plughassign")
    output = site.source / "_build/html"
    for path in output.glob("*.html"):
        path.write_text(path.read_text("utf-8") + OLD, "utf-8")
    app = site.build()
    assert "0 added, 0 changed, 0 removed" in app.status.getvalue()
    written = {path.name for path in output.glob("*.html") if OLD not in path.read_text("utf-8")}
    assert written & {"index.html", "calls.html", "markdown.html", "plain.html"} == {"index.html"}
    assert "plughassign" in (output / "index.html").read_text("utf-8")
    assert "plughassign" in (output / "searchindex.js").read_text("utf-8")


def test_build_needs_neither_the_drawing_program_nor_the_network(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, OFFLINE, site.source, site.source.parent / "output"],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_pdf_cannot_show_every_character() -> None:
    with pytest.raises(PdfError, match="'→'"):
        make_pdf(svg("<text>a → b</text>"), ["a → b"])


def test_pdf_of_what_svglib_cannot_read() -> None:
    pytest.importorskip("svglib")
    with pytest.raises(PdfError, match="could not read"):
        make_pdf("", [])
