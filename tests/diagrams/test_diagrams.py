"""Diagrams: drawings in every kind of output, their checks, and the command that makes them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st
from site_builds import resolved, warnings
from sphinx_snapshots.diagrams import __main__ as command
from sphinx_snapshots.diagrams.collect import diagrams_of
from sphinx_snapshots.diagrams.diagram import Diagram, is_fit_name
from sphinx_snapshots.diagrams.figures import DrawnDiagram, TextVersion
from sphinx_snapshots.diagrams.options import DrawingOptions
from sphinx_snapshots.diagrams.pdf import PdfError, make_pdf
from sphinx_snapshots.diagrams.problems import Kind, Problem, find_problems
from sphinx_snapshots.diagrams.store import Store
from sphinx_snapshots.diagrams.svg import (
    COLORS,
    KEY,
    Drawing,
    DrawingError,
    inline,
    picture,
    stored,
)
from sphinxcontrib.mermaid import mermaid  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[1] / "roots/test-diagrams"
NAMES = ["fig-calls", "fig-hostile", "fig-lookup", "fig-markdown"]
LOOKUP = (
    "How an index finds a module: The module definition has an index. Each interpreter has a list."
)
# Appended to every output file before a build: it is gone from those that were written.
OLD = "<!-- from an earlier build -->"
SHAPE = '<rect x="1" y="2" width="3" height="4"/>'


def svg(content: str = SHAPE, attributes: str = "") -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" font-size="16"'
        f"{attributes}>{content}</svg>"
    )


class Site:
    """A copy of the test site, to change and to build."""

    def __init__(self, source: Path, make_app: Callable[..., SphinxTestApp]) -> None:
        self.source = source
        self.drawings = source / "drawings"
        self._make_app = make_app

    def build(self, builder: str = "html", *, parallel: int = 0, **config: object) -> SphinxTestApp:
        overrides = {"html_theme": "basic", "version": "1", "copyright": "nobody"} | config
        app = self._make_app(
            builder, srcdir=self.source, parallel=parallel, confoverrides=overrides
        )
        app.build()
        return app

    def write(self, page: str, text: str) -> None:
        (self.source / page).write_text(text, "utf-8")

    def replace(self, page: str, old: str, new: str) -> None:
        text = (self.source / page).read_text("utf-8")
        assert old in text
        self.write(page, text.replace(old, new))

    def draw(self) -> int:
        return command.main(["draw", str(self.source)])

    def check(self) -> int:
        return command.main(["check", str(self.source)])


@pytest.fixture
def site(tmp_path: Path, make_app: Callable[..., SphinxTestApp]) -> Site:
    shutil.copytree(ROOT, tmp_path / "site")
    return Site(tmp_path / "site", make_app)


class Page(HTMLParser):
    """The elements of a page, as a browser would find them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)
        else:
            self.text += data

    def find(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


# Reading ----------------------------------------------------------------------


def test_pages_are_read(site: Site) -> None:
    app = site.build("dummy")
    assert warnings(app) == []
    found = {diagram.name: diagram for diagram in diagrams_of(app.env)}
    assert sorted(found) == NAMES
    places = {name: (d.docname, Path(d.path).name, d.line) for name, d in found.items()}
    assert places == {
        "fig-calls": ("calls", "shared.inc", 1),
        "fig-hostile": ("hostile", "hostile.rst", 4),
        "fig-lookup": ("index", "index.rst", 6),
        "fig-markdown": ("markdown", "markdown.md", 3),
    }
    assert all(diagram.has_caption for diagram in found.values())
    assert found["fig-lookup"].text_form == f"[{LOOKUP}]"


def test_doctree_keeps_the_source_only(site: Site) -> None:
    app = site.build("dummy")
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
    assert [diagram.name for diagram in diagrams_of(app.env)] == ["fig-calls", "fig-lookup"]


@pytest.mark.parametrize("name", ["fig-import", "a", "a1-2b"])
def test_fit_names(name: str) -> None:
    assert is_fit_name(name)


@pytest.mark.parametrize(
    "name", ["", "Fig", "fig_a", "-a", "a-", "a--b", "1a", "../a", "a/b", "a b", "ä", "a\n"]
)
def test_unfit_names(name: str) -> None:
    assert not is_fit_name(name)


def test_key_depends_on_what_is_drawn() -> None:
    diagram = Diagram("a", "flowchart TB\n  x --> y\n", True, "page", "page.rst", 1)
    moved = Diagram("a", "flowchart TB  \n  x --> y", False, "other", "other.rst", 9)
    assert diagram.key() == moved.key()
    assert diagram.key() != Diagram("a", "flowchart TB\n  x --> z", True, "", "", 0).key()
    assert diagram.key() != Diagram("b", diagram.source, True, "", "", 0).key()
    assert diagram.key() != diagram.key(DrawingOptions(padding=9))


@pytest.mark.parametrize(
    ("source", "title", "description"),
    [
        ("flowchart TB\n accTitle: T: t\n accDescr:  D d \n", "T: t", "D d"),
        ("flowchart TB\n  accTitle :T\n  accDescr {\n  D\n  d\n }\n", "T", "D d"),
        ("flowchart TB\n  a[accTitle: x]\n", "", ""),
    ],
)
def test_title_and_description(source: str, title: str, description: str) -> None:
    diagram = Diagram("a", source, True, "page", "page.rst", 0)
    assert (diagram.title, diagram.description, diagram.location) == (
        title,
        description,
        "page.rst",
    )


# Problems ---------------------------------------------------------------------


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


# Drawings ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not XML",
        "<svg/>",
        '<g xmlns="http://www.w3.org/2000/svg"/>',
        svg()[:-1],
        '<?xml version="1.0"?>' + svg(),
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>" + svg("<text>&a;</text>"),
        "<!-- comment -->" + svg(),
        svg("<![CDATA[x]]>"),
        svg().replace("2000/svg", "1999/xhtml"),
        svg().replace('width="20"', ""),
        svg().replace('width="20"', 'width="20em"'),
        svg().replace('width="20"', 'width="0"'),
        svg().replace('font-size="16"', ""),
        svg("<script>alert(1)</script>"),
        svg('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'),
        svg('<img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>'),
        svg("<foreignObject><p/></foreignObject>"),
        svg('<image href="https://example.org/a.png"/>'),
        svg('<use href="#a"/>'),
        svg("<style>* { fill: red }</style>"),
        svg('<a href="javascript:alert(1)"><text>x</text></a>'),
        svg("<animate/>"),
        svg("<g>text</g>"),
        svg(SHAPE + "text"),
        svg("<text><rect/></text>"),
        svg("<rect><rect/></rect>"),
        svg('<rect onclick="alert(1)"/>'),
        svg('<rect style="fill: url(https://example.org/a)"/>'),
        svg('<rect class="admonition"/>'),
        svg('<rect id="content"/>'),
        svg('<rect fill="red"/>'),
        svg('<rect fill="#ff0000"/>'),
        svg('<rect fill="url(https://example.org/a)"/>'),
        svg('<rect fill="var(--diagram-text,url(https://example.org/a))"/>'),
        svg('<rect fill="var(--color-brand,#000000)"/>'),
        svg('<rect x="1;2"/>'),
        svg('<path d="M0,0 url(x)"/>'),
        svg('<g transform="translate(1) url(x)"/>'),
        svg('<rect xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>'),
        svg("<g>" * 30 + "</g>" * 30),
        svg("<g>" * 100_000 + "</g>" * 100_000),
        svg("<text>" + "x" * 1_000_000 + "</text>"),
    ],
)
def test_hostile_drawings_are_refused(text: str) -> None:
    with pytest.raises(DrawingError):
        Drawing.parse(text)


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_bytes(b"\xff\xfe")
    with pytest.raises(DrawingError, match="UTF-8"):
        Store(tmp_path).load("a")


def test_written_drawing_is_read_back() -> None:
    content = (
        '<g transform="translate(1,2) scale(3)"><path d="M1,2L3.5,-4Z" '
        'fill="var(--diagram-line,#3d3f45)"/></g>'
        '<text text-anchor="middle">a &lt;b&gt; <tspan x="0">c &amp; "d"</tspan> e</text>'
    )
    drawing = Drawing.parse(svg(content, f' {KEY}="k"'))
    assert (drawing.width, drawing.height, drawing.font_size, drawing.key) == (20, 10, 16, "k")
    assert drawing.words == ["a", "<b>", "c", "&", '"d"']
    text = stored(drawing, "fig-a", "T", "D")
    again = Drawing.parse(text)
    assert stored(again, "fig-a", "T", "D") == text
    assert again.labels == drawing.labels


@given(title=st.text(st.characters(codec=None)), description=st.text(st.characters(codec=None)))
def test_any_title_and_description_are_safe(title: str, description: str) -> None:
    drawing = Drawing.parse(svg())
    for write in (stored, inline, picture):
        text = write(drawing, "fig-a", title, description)
        text.encode()
        root = ElementTree.fromstring(text)
        tags = [element.tag.rpartition("}")[2] for element in root.iter()]
        assert tags == ["svg", *["title"] * bool(title), *["desc"] * bool(description), "rect"]
        assert (root.get("aria-labelledby") is not None) == bool(title)


def test_committed_drawings_stand_alone_and_follow_themes() -> None:
    style_sheet = (Path(command.__file__).parent / "static/diagrams.css").read_text("utf-8")
    for role in COLORS:
        assert style_sheet.count(f"--diagram-{role}:") == 2, "for themes, and for forced colors"
    for path in ROOT.glob("drawings/*.svg"):
        text = path.read_text("utf-8")
        used = re.findall(r"var\(--diagram-([a-z-]+),(#[0-9a-f]{6})\)", text)
        assert used
        assert all(COLORS[role] == value for role, value in used)
        assert len(used) == text.count("var(")
        resolved_text = picture(Drawing.parse(text), path.stem, "T", "D")
        assert "var(" not in resolved_text


# Output -----------------------------------------------------------------------


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "json"])
@pytest.mark.parametrize("parallel", [0, 2])
def test_pages(site: Site, builder: str, parallel: int) -> None:
    app = site.build(builder, parallel=parallel)
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


def test_hostile_text_stays_text(site: Site) -> None:
    app = site.build()
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


def test_no_page_loads_a_script_or_asks_a_third_party(site: Site) -> None:
    app = site.build()
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


def test_style_sheet_is_loaded_where_it_is_needed(site: Site) -> None:
    app = site.build()
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
    narrow = Page(app.outdir / "markdown.html").find("div")
    assert not [attributes for attributes in narrow if "tabindex" in attributes]


def test_words_in_drawings_are_found_by_search(site: Site) -> None:
    app = site.build()
    index = (app.outdir / "searchindex.js").read_text("utf-8")
    assert "xyzzyassign" in index
    assert "xyzzyassign" not in (site.source / "plain.rst").read_text("utf-8")


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_writers_without_pictures(site: Site, builder: str) -> None:
    app = site.build(builder, man_pages=[("index", "diagrams", "d", "nobody", 1)])
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


def test_linkcheck_has_nothing_to_check(site: Site) -> None:
    app = site.build("linkcheck")
    assert warnings(app) == []
    assert "http" not in (app.outdir / "output.json").read_text("utf-8")


def test_epub_has_pictures(site: Site) -> None:
    app = site.build("epub")
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


def test_pdf_cannot_show_every_character() -> None:
    with pytest.raises(PdfError, match="'→'"):
        make_pdf(svg("<text>a → b</text>"), ["a → b"])


def test_pdf_of_what_svglib_cannot_read() -> None:
    pytest.importorskip("svglib")
    with pytest.raises(PdfError, match="could not read"):
        make_pdf("", [])


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".buildinfo"
    }


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
    script = """
import socket, sys
def refuse(*arguments): raise AssertionError("network")
socket.socket.connect = socket.getaddrinfo = refuse
from sphinx.cmd.build import main
status = main(["-q", "-W", "-b", "html", "-D", "html_theme=basic", sys.argv[1], sys.argv[2]])
loaded = {"quickjs", "mermaid_render", "sphinx_snapshots.diagrams.pele"} & sys.modules.keys()
sys.exit(status or f"loaded: {loaded}" if loaded else status)
"""
    environment = {"PYTHONPATH": str(ROOT.parents[2] / "_ext"), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", script, site.source, site.source.parent / "output"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


# The command ------------------------------------------------------------------


@pytest.fixture
def drawn(site: Site) -> Site:
    """The site, where the drawing program is installed."""
    pytest.importorskip("mermaid_render")
    return site


def test_committed_drawings_are_what_the_command_makes(
    drawn: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drawn.check() == 0
    before = files(drawn.drawings)
    assert drawn.draw() == 0
    assert capsys.readouterr() == ("", "")
    assert files(drawn.drawings) == before
    shutil.rmtree(drawn.drawings)
    assert drawn.draw() == 0
    assert capsys.readouterr().out.splitlines() == [
        f"drew {name}" for name in ["fig-calls", "fig-hostile", "fig-lookup", "fig-markdown"]
    ]
    assert files(drawn.drawings) == before


def test_check_finds_every_difference(drawn: Site, capsys: pytest.CaptureFixture[str]) -> None:
    (drawn.drawings / "fig-calls.svg").unlink()
    drawn.replace("drawings/fig-hostile.svg", "<title ", "<title  ")
    drawn.replace("markdown.md", "one --> two", "one --> three")
    shutil.copy(drawn.drawings / "fig-lookup.svg", drawn.drawings / "fig-orphan.svg")
    before = files(drawn.drawings)
    assert drawn.check() == 1
    lines = capsys.readouterr().err.splitlines()
    assert [Path(line.partition(":")[0]).name for line in lines] == [
        "fig-calls.svg",
        "fig-hostile.svg",
        "fig-markdown.svg",
        "fig-orphan.svg",
    ]
    assert "no page uses this drawing" in lines[-1]
    assert files(drawn.drawings) == before
    assert drawn.draw() == 0
    assert capsys.readouterr().out.splitlines() == [
        "drew fig-calls",
        "drew again fig-hostile",
        "drew again fig-markdown",
        "removed fig-orphan, which no page uses",
    ]
    assert drawn.check() == 0


def test_errors_in_a_source_are_shown(drawn: Site, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(drawn.drawings)
    drawn.replace("markdown.md", "one --> two", "one --> [two")
    for run in (drawn.draw, drawn.check):
        assert run() == 1
        text = capsys.readouterr().err
        assert re.search(r"markdown\.md:3: diagram 'fig-markdown', its line 4, column \d+: ", text)
        assert text.endswith("\n    one --> [two\n")
    assert files(drawn.drawings) == before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("one --> two\n  style one fill:#f00", "'fill:#f00' would not follow the theme"),
        ("one --> two\n  linkStyle 0 stroke:#f00", "'stroke:#f00' would not follow the theme"),
        ("one --> two\n  class one x\n  classDef x color:#f00", "#f00' would not follow"),
    ],
)
def test_colors_of_ones_own_are_refused(
    drawn: Site, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    drawn.replace("markdown.md", "one --> two", line)
    assert drawn.draw() == 1
    assert message in capsys.readouterr().err


def test_kinds_of_diagram_that_need_more_colors_are_refused(
    drawn: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.replace("markdown.md", "flowchart TB", "timeline")
    drawn.replace("markdown.md", "one --> two", "one : two")
    assert drawn.draw() == 1
    assert "no kind of diagram that has a color for each series" in capsys.readouterr().err


def test_unfit_and_taken_names_are_not_drawn(
    drawn: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (drawn.source / "markdown.md").read_text("utf-8")
    drawn.write("second.md", text.replace("fig-markdown", "../outside"))
    drawn.write("third.md", text.replace("two", "three"))
    before = files(drawn.source.parent)
    assert drawn.draw() == 1
    error = capsys.readouterr().err
    assert "second.md:3: '../outside' does not fit" in error
    assert re.search(r"third\.md:3: .* has the name of the one at .*markdown\.md:3", error)
    assert files(drawn.source.parent) == before


def test_groups_and_wide_drawings(drawn: Site, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"A_long_identifier_{number}()" for number in range(7)]
    links = "".join(f'  top -->|label| n{n}["{name}"]\n' for n, name in enumerate(names))
    drawn.replace("markdown.md", "  one --> two\n", f"subgraph g\n{links}end\n")
    assert drawn.draw() == 0
    assert re.search(r"fig-markdown is \d+ pixels wide, the column 736", capsys.readouterr().out)
    drawing = Store(drawn.drawings).load("fig-markdown")
    assert drawing is not None
    assert drawing.font_size == 14
    assert set(names) <= set(drawing.words)


def test_command_says_what_it_needs(
    drawn: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command.main(["draw", str(drawn.drawings)]) == 2
    assert "has no conf.py" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "quickjs", None)
    monkeypatch.delitem(sys.modules, "sphinx_snapshots.diagrams.pele", raising=False)
    assert drawn.draw() == 2
    assert "requirements-dev.txt" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        command.main(["paint"])
    assert "invalid choice" in capsys.readouterr().err


def test_endless_drawing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mermaid_render")
    from sphinx_snapshots.diagrams import pele
    from sphinx_snapshots.diagrams.diagram import SourceError

    program = pele.Pele()
    monkeypatch.setattr(pele, "_CALL", "throw new Error(%s + %s)")
    with pytest.raises(SourceError) as caught:
        program.draw("graph TB\n  a", "k", DrawingOptions())
    assert "gave up" in caught.value.message


def test_all_kinds_of_problem_are_made_here() -> None:
    """``suppress_warnings`` can name each, so each must be one that exists."""
    diagram = Diagram("fig-none", "graph TB", True, "page", "page.rst", 3)
    [*found] = find_problems([diagram], Store(Path("nowhere")))
    assert found[-1] == Problem(
        Kind.MISSING, "diagram 'fig-none' has no drawing; run 'make diagrams'", "page.rst:3"
    )
    assert {kind.value for kind in Kind} == {
        "missing",
        "stale",
        "drawing",
        "accessibility",
        "name",
        "caption",
        "pdf",
    }
