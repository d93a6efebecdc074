"""What the site needs to be served well, as its files show it."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import runpy
import statistics
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from sphinx_snapshots.behavior import catalog
from sphinx_snapshots.website.assets import drop_rules, join_scripts, join_styles
from sphinx_snapshots.website.published import shorten
from sphinx_snapshots.website.translator import break_names

if TYPE_CHECKING:
    from conftest import Site
    from site_builds import MakeApp

ROOT = Path(__file__).parents[2]
_STYLE = re.compile(r"<style|<[^>]* style=")
_SCRIPT = re.compile(r"<script(?![^>]* src=)[^>]*>(.*?)</script>", re.DOTALL)


def test_no_page_has_a_style_and_all_have_the_same_one_script(site: Site) -> None:
    """Only so one content policy without exceptions does for all pages."""
    scripts = set()
    for path in site.html_files():
        text = path.read_text("utf-8")
        assert not _STYLE.search(text), path
        scripts.update(_SCRIPT.findall(text))
    assert len(scripts) == 1


def test_a_page_loads_few_files_and_waits_for_no_script(site: Site) -> None:
    page = (site.folder / "subinterpreters/limitations.html").read_text("utf-8")
    scripts = re.findall(r"<script[^>]* src=[^>]*>", page)
    assert len(scripts) + page.count('rel="stylesheet"') <= 4
    assert [script for script in scripts if " defer " not in script] == []


def test_half_of_the_notes_weigh_36_kilobytes_and_none_more_than_55(site: Site) -> None:
    """With all that it loads before somebody points at something, and nothing of it at hand."""
    loaded = re.compile(
        r'<(?:link rel="stylesheet"|script)(?![^>]* type="late")[^>]* (?:href|src)="([^"?]+)'
    )
    notes = [*site.folder.glob("subinterpreters/*.html"), *site.folder.glob("finalization/*.html")]
    assert len(notes) > 20
    weights = []
    for note in notes:
        names = loaded.findall(note.read_text("utf-8"))
        assert len(names) >= 3
        files = [note, *((note.parent / name).resolve() for name in names)]
        weights.append(sum(len(gzip.compress(path.read_bytes())) for path in files))
    assert statistics.median(weights) < 36_000
    assert max(weights) < 55_000


def test_joined_files_hold_all_parts(site: Site) -> None:
    folder = site.folder / "_static"
    sheet, script = (folder / "all.css").read_text("utf-8"), (folder / "all.js").read_text("utf-8")
    for name in (".copybtn", ".refstatus-open", ".behavior-works", ".site-panel"):
        assert name in sheet
    assert "site-panel" in script
    assert "DOCUMENTATION_OPTIONS" in (folder / "sphinx.js").read_text("utf-8")
    assert ".width-30{width:30%}" in sheet
    assert "/* " not in sheet.partition("}")[0]


def test_only_pages_with_code_load_what_copies_it(site: Site) -> None:
    script = (site.folder / "_static/copy.js").read_text("utf-8")
    assert "ClipboardJS" in script
    assert "copy_to_clipboard" in script
    loads = {
        page: "/copy.js?v=" in (site.folder / f"{page}.html").read_text("utf-8")
        for page in ("subinterpreters/life", "releases")
    }
    assert loads == {"subinterpreters/life": True, "releases": False}


def test_only_the_search_page_loads_the_scripts_of_sphinx(site: Site) -> None:
    loads = {
        str(path.relative_to(site.folder))
        for path in site.html_files()
        if re.search(r"/(sphinx|doctools|sphinx_highlight)\.js", path.read_text("utf-8"))
    }
    assert loads == {"search.html"}


def test_joined_scripts_do_not_see_each_other() -> None:
    assert join_scripts(["const a = 1 // one", '"use strict";']) == (
        '(function(){const a=1}).call(window);(function(){"use strict";}).call(window);'
    )
    assert join_scripts(["const a = 1"], ["const SHARED = 2"]).startswith("const SHARED=2")
    assert join_styles(["a { b: c }", "/* d */ e { f: g }"]).startswith("a{b:c}e{f:g}")


def test_rules_are_left_out_for_what_no_page_has() -> None:
    sheet = (
        ".a,.b{c:d}.b p{e:f}.b-c{g:h}@media print{.b{i:j}}"
        ":is(.a,.b),:not(.b){k:l}:is(.a,:not(.d),.e) .b,u{m:n}@charset-like;v{o:p}"
    )
    assert drop_rules(sheet, [".b"]) == (
        ".a{c:d}.b-c{g:h}:is(.a,.b),:not(.b){k:l}u{m:n}@charset-like;v{o:p}"
    )
    assert drop_rules(sheet, []) == sheet


def test_no_page_has_what_its_style_sheet_has_no_rules_for(site: Site) -> None:
    unused = runpy.run_path(os.fspath(ROOT / "conf.py"))["website_unused"]
    written = re.compile(r' (?:class|id)="([^"]*)"')
    used = {
        name
        for path in site.html_files()
        for names in set(written.findall(path.read_text("utf-8")))
        for name in names.split()
    }
    assert used.isdisjoint(name[1:] for name in unused)


def test_a_column_under_an_empty_head_heads_its_rows(site: Site) -> None:
    page = (site.folder / "subinterpreters/module-indexing.html").read_text("utf-8")
    assert '<th class="stub"><p>The cache keeps' in page


def test_long_names_may_be_broken_between_their_words() -> None:
    assert break_names("PyInterpreterState_Get") == "Py<wbr/>Interpreter<wbr/>State_<wbr/>Get"
    assert break_names("concurrent.interpreters") == "concurrent.<wbr/>interpreters"
    for kept in ("interpreters", "os.fork", "3.13.7", "uncopyrightable words", "&lt;frozen&gt;"):
        assert break_names(kept) == kept


def test_the_front_page_counts_what_it_speaks_of(site: Site) -> None:
    page = (site.folder / "index.html").read_text("utf-8")
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    probes = len(catalog.read(ROOT / "probes"))
    items = json.loads((site.folder / "references.json").read_text("utf-8"))
    assert f"{probes} small programs run on 8 series" in text
    assert f"{len(items['items'])} issues, pull requests and commits" in text
    assert items["refreshed"] in text


def test_the_front_page_has_all_releases_newest_first(site: Site) -> None:
    page = (site.folder / "index.html").read_text("utf-8")
    found = re.findall(r'href="releases\.html#release-3-(\d+)"', page)
    assert found == [str(minor) for minor in range(15, 7, -1)]


def test_every_page_but_the_generated_ones_has_a_description_of_its_own(site: Site) -> None:
    written = re.compile(r'<meta name="description" content="([^"]+)">')
    found = {
        page: written.findall((site.folder / f"{page}.html").read_text("utf-8"))
        for page in site.pages
    }
    assert {page: texts for page, texts in found.items() if len(texts) != 1} == {}
    assert len({texts[0] for texts in found.values()}) == len(found)
    assert max(len(html.unescape(texts[0])) for texts in found.values()) <= 200


def test_what_is_too_long_is_cut_between_sentences_or_else_words() -> None:
    assert shorten("One  is\nenough.") == "One is enough."
    assert shorten("One. Two three.", 8) == "One."
    assert shorten("One two three", 8) == "One two…"


def test_the_results_of_probes_can_be_read_by_other_tools(site: Site) -> None:
    content = json.loads((site.folder / "behavior.json").read_text("utf-8"))
    schema = json.loads((site.folder / "behavior.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(content)
    assert len(content["probes"]) == len(catalog.read(ROOT / "probes"))
    page, _, anchor = content["probes"]["fork-in-legacy"]["page"].partition("#")
    assert f'id="{anchor}"' in (site.folder / page).read_text("utf-8")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({**content, "format": 0})


def test_the_feed_has_what_became_of_items_newest_first(site: Site) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(site.folder / "changes.atom").getroot()
    entries = feed.findall(f"{atom}entry")
    days = [entry.findtext(f"{atom}updated") or "" for entry in entries]
    assert len(entries) == 40
    assert days == sorted(days, reverse=True)
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries)
    assert (feed.findtext(f"{atom}updated") or "") >= days[0]
    title = entries[0].findtext(f"{atom}title") or ""
    assert re.match(r"[\w/#-]+: (merged|completed|closed|not planned|duplicate)", title)


def test_a_lost_reader_gets_a_search_and_ways_on(site: Site) -> None:
    page = (site.folder / "404.html").read_text("utf-8")
    article = page.partition('role="main"')[2].partition("</article>")[0]
    assert 'role="search"' in article
    for way in ("/index.html", "/messages.html", "/subinterpreters/index.html"):
        assert f'href="{way}"' in article


def test_pages_of_a_book_are_well_formed(look: Path, make_app: MakeApp) -> None:
    """A reader of EPUB shows no more of a page than what is before its first error."""
    app = make_app("epub", srcdir=look)
    app.build()
    root = ElementTree.parse(app.outdir / "index.xhtml").getroot()
    seen = {element.tag for element in root.iter()}
    xhtml, svg = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
    assert {f"{xhtml}wbr", f"{xhtml}table", f"{svg}svg", f"{svg}rect"} <= seen
    assert {tag for tag in seen if not tag.startswith(xhtml)} <= {f"{svg}svg", f"{svg}rect"}


def test_tables_on_paper_may_break_long_names(tmp_path: Path, make_app: MakeApp) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_snapshots.website"]\n')
    name = "``PyInterpreterState_Get()``"
    (tmp_path / "index.rst").write_text(
        f"Front\n=====\n\n{name}\n\n.. list-table::\n\n   * - {name}\n"
    )
    app = make_app("latex", srcdir=tmp_path)
    app.build()
    [book] = app.outdir.glob("*.tex")
    written = re.findall(r"sphinxupquote\{(Py.*?)\(\)", book.read_text("utf-8"))
    chance = r"\allowbreak{}"
    assert written == [
        r"PyInterpreterState\_Get",
        rf"Py{chance}Interpreter{chance}State\_{chance}Get",
    ]


def test_pages_that_moved_lead_on_and_the_sitemap_has_the_others(
    tmp_path: Path, make_app: MakeApp
) -> None:
    (tmp_path / "conf.py").write_text(CONF.format(templates=str(ROOT / "_templates")))
    (tmp_path / "index.rst").write_text("Front\n=====\n\nText.\n\n.. toctree::\n\n   new\n")
    (tmp_path / "new.rst").write_text("New\n===\n\nText: :fact:`nothing`.\n")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    page = (app.outdir / "old/page.html").read_text("utf-8")
    assert '<a class="moved" href="../new.html">New</a>' in page
    assert '<link rel="canonical" href="https://example.org/notes/new.html">' in page
    sitemap = (app.outdir / "sitemap.xml").read_text("utf-8")
    assert re.findall("<loc>(.*?)</loc>", sitemap) == [
        "https://example.org/notes/index.html",
        "https://example.org/notes/new.html",
    ]
    told = app.warning.getvalue()
    assert "'gone' has moved to 'nowhere', which is no page" in told
    assert "'index' has moved, but is there" in told
    front = (app.outdir / "index.html").read_text("utf-8")
    assert 'id="part">This part is at <a href="new.html#the-part">New</a> now.' in front
    assert "'index#lost' has moved to 'nowhere#part', which is on no page" in told
    assert "nobody counts 'nothing'" in told


# A toctree in a section, below a page that is in one itself; and one that a tag decides on.
NAVIGATED = {
    "index": """
Front
=====

.. toctree::
   :caption: Pages

   a
   Outside <https://example.org/>

Part
----

.. toctree::
   :numbered:

   b
""",
    "a": """
A
=

One
---

Deep
~~~~

.. toctree::
   :includehidden:

   With another title <c>
   d

Two
---

Text.
""",
    "b": """
B
=

.. only:: paper

   Part of B
   ---------

   .. toctree::
      :hidden:

      e
""",
    "c": "C\n=\n\nPart\n----\n",
    "d": "D\n=\n",
    "e": "E\n=\n\nPart\n----\n",
}


@pytest.mark.parametrize("options", [{}, {"collapse": False, "includehidden": True}])
def test_the_navigation_is_what_sphinx_makes_with_all_sections(
    options: dict[str, object], tmp_path: Path, make_app: MakeApp
) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_snapshots.website"]\n')
    for name, text in NAVIGATED.items():
        (tmp_path / f"{name}.rst").write_text(text)
    app = make_app("html", srcdir=tmp_path)
    plain: dict[str, tuple[str, str]] = {}
    ours: dict[str, tuple[str, str]] = {}

    def note(seen: dict[str, tuple[str, str]], *event: Any) -> None:
        _app, name, _template, context, _doctree = event
        toctree = context["toctree"]
        titles = toctree(maxdepth=-1, titles_only=True, **options)
        seen[name] = titles, toctree(maxdepth=-1, **options)

    app.connect("html-page-context", partial(note, plain), priority=480)
    app.connect("html-page-context", partial(note, ours), priority=495)
    app.build()
    assert ours == plain
    titles, all_sections = ours["d"]
    assert "With another title" in titles
    assert "Part" not in titles
    assert 'href="a.html#one"' in all_sections


def test_texts_of_templates_are_changed_also_in_those_that_a_theme_has(
    tmp_path: Path, make_app: MakeApp
) -> None:
    conf = 'extensions = ["sphinx_snapshots.website"]\nhtml_theme = "furo"\n'
    (tmp_path / "conf.py").write_text(conf)
    (tmp_path / "index.rst").write_text("Front\n=====\n\n``class=no-js``\n")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    page = app.outdir / "index.html"
    assert '<html class="no-js"' in page.read_text("utf-8")
    changes = {"website_template_changes": {'<html class="no-js"': "<html", "no such text": ""}}
    make_app("html", srcdir=tmp_path, confoverrides=changes).build()
    text = page.read_text("utf-8")
    assert '<html lang="en"' in text
    assert "class=no-js" in text


def test_templates_are_compiled_once_for_all_builds(tmp_path: Path, make_app: MakeApp) -> None:
    templates = tmp_path / "own"
    templates.mkdir()
    conf = 'extensions = ["sphinx_snapshots.website"]\ntemplates_path = ["own"]\n'
    (tmp_path / "conf.py").write_text(conf)
    (tmp_path / "index.rst").write_text("Front\n=====\n")
    page = templates / "page.html"
    page.write_text("old {{ title }}")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert (app.outdir / "index.html").read_text("utf-8") == "old Front"
    compiled = {path: path.stat().st_mtime_ns for path in app.doctreedir.glob("templates/*/*")}
    assert compiled
    page.write_text("new {{ title }}")
    app = make_app("html", srcdir=tmp_path)
    app.build(force_all=True)
    assert (app.outdir / "index.html").read_text("utf-8") == "new Front"
    changed = [path for path, date in compiled.items() if path.stat().st_mtime_ns != date]
    assert len(changed) < len(compiled)
    make_app("text", srcdir=tmp_path).build()


CONF = """
extensions = ["sphinx_snapshots.website"]
html_theme = "furo"
html_baseurl = "https://example.org/notes"
templates_path = [{templates!r}]
website_moved_pages = {{"old/page": "new", "gone": "nowhere", "index": "new"}}
website_moved_anchors = {{"index#part": "new#the-part", "index#lost": "nowhere#part"}}
"""
