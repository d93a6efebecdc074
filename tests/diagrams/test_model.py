"""A diagram as written, and a drawing as committed: which are refused, and how they are written."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from diagrams_site import ROOT, SHAPE, svg
from hypothesis import given
from hypothesis import strategies as st
from sphinx_snapshots.diagrams import __main__ as command
from sphinx_snapshots.diagrams.domain import Store
from sphinx_snapshots.diagrams.model import OPTIONS, Diagram, is_fit_name
from sphinx_snapshots.diagrams.svg import (
    COLORS,
    KEY,
    Drawing,
    DrawingError,
    inline,
    picture,
    stored,
)


@pytest.mark.parametrize("name", ["fig-import", "a", "a1-2b"])
def test_fit_names(name: str) -> None:
    assert is_fit_name(name)


@pytest.mark.parametrize(
    "name", ["", "Fig", "fig_a", "-a", "a-", "a--b", "1a", "../a", "a/b", "a b", "ä", "a\n"]
)
def test_unfit_names(name: str) -> None:
    assert not is_fit_name(name)


def test_key_depends_on_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    diagram = Diagram("a", "flowchart TB\n  x --> y\n", True, "page", "page.rst", 1)
    moved = Diagram("a", "flowchart TB  \n  x --> y", False, "other", "other.rst", 9)
    assert diagram.key() == moved.key()
    assert diagram.key() != Diagram("a", "flowchart TB\n  x --> z", True, "", "", 0).key()
    assert diagram.key() != Diagram("b", diagram.source, True, "", "", 0).key()
    before = diagram.key()
    monkeypatch.setitem(OPTIONS, "padding", 9)
    assert diagram.key() != before


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
        svg("<g>" * 21 + "</g>" * 21),
        svg("<g>" * 100_000 + "</g>" * 100_000),
        svg("<text>" + "x" * 1_000_000 + "</text>"),
    ],
)
def test_hostile_drawings_are_refused(text: str) -> None:
    with pytest.raises(DrawingError):
        Drawing.parse(text)


def test_groups_in_groups_are_harmless_down_to_a_depth() -> None:
    assert Drawing.parse(svg("<g>" * 20 + "</g>" * 20)).width == 20


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
