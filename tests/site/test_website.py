"""What the site needs to be served well, as its files show it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_snapshots.behavior import catalog
from sphinx_snapshots.website.assets import join_scripts, join_styles
from sphinx_snapshots.website.translator import break_names

if TYPE_CHECKING:
    from conftest import Site

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
    assert len(scripts) + page.count('rel="stylesheet"') <= 10
    assert [script for script in scripts if " defer " not in script] == []


def test_joined_files_hold_all_parts(site: Site) -> None:
    folder = site.folder / "_static"
    sheet, script = (folder / "all.css").read_text("utf-8"), (folder / "all.js").read_text("utf-8")
    for part in ("copybutton.css", "refstatus.css", "behavior.css", "site.css"):
        assert (folder / part).read_text("utf-8") in sheet
    for part in ("clipboard.min.js", "copybutton.js", "site.js"):
        assert (folder / part).read_text("utf-8") in script
    assert ".width-30{width:30%}" in sheet


def test_joined_scripts_do_not_see_each_other() -> None:
    assert join_scripts(["const a = 1", '"use strict";']) == (
        "(function () {\nconst a = 1\n}).call(window);\n"
        '(function () {\n"use strict";\n}).call(window);\n'
    )
    assert join_styles(["a {}", "b {}"]).startswith("a {}\nb {}\n")


def test_long_names_may_be_broken_between_their_words() -> None:
    assert break_names("PyInterpreterState_Get") == "Py<wbr>Interpreter<wbr>State_<wbr>Get"
    assert break_names("concurrent.interpreters") == "concurrent.<wbr>interpreters"
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
