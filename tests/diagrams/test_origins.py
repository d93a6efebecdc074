"""Diagrams that come from elsewhere than the page: a file, its translation, classes, extensions."""

from __future__ import annotations

from pathlib import Path

import pytest
from diagrams_site import Page, Site, svg
from site_builds import warnings
from sphinx_snapshots.diagrams.domain import DiagramDomain
from sphinx_snapshots.diagrams.svg import KEY, Drawing

FROM_FILE = """\
Page
====

.. mermaid:: import.mmd
   :name: fig-import
   :caption: Import
"""
TREE = """\
Page
====

.. autoclasstree:: collections.OrderedDict
   :name: fig-tree
   :caption: The tree
   :alt: It stands on its own.
"""
OTHER = """\
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.mermaid import mermaid

class Other(SphinxDirective):
    def run(self):
        return [mermaid("", code="flowchart TB\\n  a --> b", options={})]

def setup(app):
    app.add_directive("other", Other)
"""


def source(title: str) -> str:
    return f"flowchart TB\n   accTitle: {title}\n   accDescr: {title}.\n   a[{title}] --> b\n"


def add_drawing(site: Site, name: str, key: str, label: str) -> None:
    """Write a drawing with one label, as if it had been made from the source with this key."""
    text = svg(f'<text x="1" y="9">{label}</text>', f' {KEY}="{key}"')
    assert Drawing.parse(text).key == key
    (site.drawings / f"{name}.svg").write_text(text)


@pytest.fixture
def translated(site: Site) -> Site:
    """The site, with a diagram from a file that has a German translation, and both drawings."""
    site.write("plain.rst", FROM_FILE)
    site.write("import.mmd", source("Import"))
    site.write("import.de.mmd", source("Einfuhr"))
    return site


def test_a_translated_diagram_has_a_drawing_of_its_own(translated: Site) -> None:
    for language, label in (("en", "Import"), ("de", "Einfuhr")):
        app = translated.build("dummy", language=language)
        found = {d.name: d for d in DiagramDomain.of(app.env).diagrams}["fig-import"]
        assert found.title == label
        assert found.drawing == ("fig-import" if language == "en" else "fig-import.de")
        assert f"{found.label} has no drawing" in "\n".join(warnings(app))
        add_drawing(translated, found.drawing, found.key(), label)
    for language, label in (("en", "Import"), ("de", "Einfuhr")):
        app = translated.build(language=language)
        assert "plain.rst" not in "\n".join(warnings(app))
        page = Page(Path(app.outdir, "plain.html"))
        assert label in page.text
        assert {"Import", "Einfuhr"}.difference({label}).isdisjoint(page.text.split())


def test_the_command_draws_the_language_that_it_is_asked_for(
    drawn: Site, translated: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translated.draw("-D", "language=de") == 0
    assert capsys.readouterr().out.splitlines() == ["drew fig-import.de"]
    assert translated.draw() == 0
    assert capsys.readouterr().out.splitlines() == ["drew fig-import"]
    assert translated.check() == translated.check("-D", "language=de") == 0
    (translated.source / "plain.rst").unlink()
    assert translated.draw() == 0
    assert capsys.readouterr().out.count("which no page uses") == 2


def test_a_tree_of_classes_is_a_diagram_like_others(site: Site) -> None:
    site.write("plain.rst", TREE)
    app = site.build("dummy")
    (tree,) = [d for d in DiagramDomain.of(app.env).diagrams if d.docname == "plain"]
    assert (tree.name, tree.line) == ("fig-tree", 4)
    assert (tree.title, tree.description) == ("The tree", "It stands on its own.")
    assert [w for w in warnings(app) if "plain.rst:4" not in w] == []
    assert "diagram 'fig-tree' has no drawing" in "\n".join(warnings(app))


def test_a_tree_of_classes_is_drawn(drawn: Site) -> None:
    drawn.write("plain.rst", TREE)
    assert drawn.draw() == 0
    app = drawn.build()
    assert warnings(app) == []
    assert "OrderedDict" in Page(Path(app.outdir, "plain.html")).text


def test_a_diagram_that_another_extension_made_is_not_lost_without_a_word(site: Site) -> None:
    site.write("other.py", OTHER)
    conf = (site.source / "conf.py").read_text("utf-8")
    path = f"import sys\nsys.path.insert(0, {str(site.source)!r})\n"
    site.write("conf.py", f'{path}{conf}extensions += ["other"]\n')
    site.write("plain.rst", "Page\n====\n\n.. other::\n")
    assert "plain.rst" in "\n".join(w for w in warnings(site.build("dummy")) if "no name" in w)
