"""The words of refstatus in the language of the site, in every format, and pages from the right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from refstatus_site import build, copy_site

if TYPE_CHECKING:
    from site_builds import MakeApp

PAGE = """\
Überblick
=========

gh-101 und gh-104.

.. refstatus-summary::

.. refstatus-list::
   :group: state

.. refstatus-legend::
"""
# What the page shows in each language: in plain text, and in the cells of its tables.
TEXTS = {
    "de": [
        "gh-101 (offen)",
        "gh-104 (zusammengeführt)",
        "2 Verweise: 1 offen, 1 zusammengeführt",
        "Offen (1)",
    ],
    "fr": [
        "gh-101 (ouvert)",
        "gh-104 (fusionné)",
        "2 références\xa0: 1 ouverte, 1 fusionnée",
        "Ouvert (1)",
    ],
}
CELLS = {
    "de": [
        "Verweis",
        "Art und Verlauf",
        "Erwähnt in",
        "geöffnet am 05.05.2020",
        "zusammengeführt am 26.12.2020",
        "zuerst in 3.10.0a4",
        "Plakette",
        "zusammengeführt, zurückgenommen",
    ],
    "fr": [
        "Type et dates",
        "ouvert le 5 mai 2020",
        "fusionné le 26 déc. 2020",
        "à partir de 3.10.0a4",
        "Signification",
    ],
}
SNAPSHOT = """\
{"kind":"header","format":1,"refreshed":"2026-11-22","source":"made for the tests"}
{"kind":"issue","key":"python/cpython#101","state":"open","title":"Title","opened":"2020-05-05"}
{"kind":"pull","key":"python/cpython#104","state":"merged","closed":"2020-12-26",\
"first_release":"3.10.0a4"}
"""


@pytest.fixture
def site(rootdir: Path, tmp_path: Path) -> Path:
    """A site of one page."""
    site = copy_site(rootdir, tmp_path)
    for page in [*site.glob("*.rst"), *site.glob("*.md")]:
        page.unlink()
    (site / "index.rst").write_text(PAGE, "utf-8")
    (site / "_data/references.jsonl").write_text(SNAPSHOT)
    return site


def text_of(make_app: MakeApp, site: Path, builder: str, language: str) -> str:
    """All words of the page, with single spaces between them."""
    app = build(make_app, site, builder, confoverrides={"language": language})
    name = {"text": "index.txt", "latex": "site.tex", "epub": "index.xhtml", "html": "index.html"}
    text = Path(app.outdir, name[builder]).read_text("utf-8")
    if builder == "latex":
        text = re.sub(r"\\(?:sphinxhyphen|sphinxAtStartPar)\{?\}?", "-", text)
    if builder in {"html", "epub"}:
        text = re.sub(r"<[^>]*>", "", text).replace("&#160;", "\xa0")
    return re.sub(r"[ \n]+", " ", text)


@pytest.mark.parametrize("language", TEXTS)
def test_all_words_are_those_of_the_language(make_app: MakeApp, site: Path, language: str) -> None:
    text = text_of(make_app, site, "text", language)
    page = text_of(make_app, site, "html", language)
    assert [words for words in TEXTS[language] if words not in text] == []
    assert [words for words in CELLS[language] if words not in page] == []
    english = r"\b(open|opened|closed|merged|reference|references|Meaning|Cited|as of|first in)\b"
    assert re.findall(english, text) == []


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_each_format_has_the_words_of_the_language(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    text = text_of(make_app, site, builder, "de")
    for words in ("zusammengeführt", "2 Verweise: 1 offen", "05.05.2020", "Erwähnt in"):
        assert words in text


def test_tooltips_names_and_the_filter_have_the_words_of_the_language(
    make_app: MakeApp, site: Path
) -> None:
    app = build(make_app, site, confoverrides={"language": "de_AT"})
    page = Path(app.outdir, "index.html").read_text("utf-8")
    assert 'title="offen: Title (Stand: 22.11.2026)"' in page
    assert 'aria-label="offen: Title (Stand: 22.11.2026)"' in page
    match = re.search(r'data-words="([^"]*)"', page)
    assert match
    words = json.loads(match[1].replace("&#34;", '"').replace("&quot;", '"'))
    assert words["count"] == "Verweise: %(shown)s von %(all)s"
    assert words["states"]["not-planned"] == "nicht geplant"
    # What programs and style sheets read is in no language.
    assert 'class="refstatus refstatus-open"' in page
    assert "refstatus-state-merged" in page
    exported = json.loads(Path(app.outdir, "references.json").read_bytes())
    assert {item["state"] for item in exported["items"]} == {"open", "merged"}


def test_a_site_in_a_language_without_a_catalog_has_our_words_in_english_and_its_dates(
    make_app: MakeApp, site: Path
) -> None:
    app = build(make_app, site, confoverrides={"language": "es"})
    assert "open: Title (as of 22 nov 2026)" in Path(app.outdir, "index.html").read_text("utf-8")


def test_a_build_after_one_in_another_language_has_its_own(make_app: MakeApp, site: Path) -> None:
    """Both in one process, on the same doctrees."""
    assert "gh-101 (offen)" in text_of(make_app, site, "text", "de")
    assert "gh-101 (open)" in text_of(make_app, site, "text", "en")
    assert "gh-101 (ouvert)" in text_of(make_app, site, "text", "fr")
