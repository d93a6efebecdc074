"""The words of refstatus in the language of the site, in every format, and pages from the right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from refstatus_site import add_pages, build, copy_site, starred

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
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
# By how many pixels: the badge is behind its name, the last share of the bar behind the first, and
# the end of a sentence that begins with a number to the right of its start.
MEASURE = """direction => {
  document.documentElement.dir = direction;
  const box = (node) => node.getBoundingClientRect();
  const link = document.querySelector("p > a.reference");
  const [name, badge] = [box(link.querySelector("bdi")), box(link.querySelector(".refstatus"))];
  const gap = direction === "rtl" ? badge.right - name.left : badge.left - name.right;
  const shares = document.querySelectorAll(".refstatus-bar rect");
  const text = document.querySelector(".refstatus-summary").firstChild;
  const letter = (at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return box(range).left;
  };
  return [gap, box(shares[1]).left - box(shares[0]).left, letter(5) - letter(0)];
}"""
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
    assert 'title="offen: Title (Stand: 22.11.2026)"' in page
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


def test_a_site_in_a_language_without_a_catalog_has_our_words_and_dates_in_english(
    make_app: MakeApp, site: Path
) -> None:
    app = build(make_app, site, confoverrides={"language": "es"})
    assert "open: Title (as of 2026-11-22)" in Path(app.outdir, "index.html").read_text("utf-8")


def test_a_build_after_one_in_another_language_has_its_own(make_app: MakeApp, site: Path) -> None:
    """Both in one process, on the same doctrees."""
    assert "gh-101 (offen)" in text_of(make_app, site, "text", "de")
    assert "gh-101 (open)" in text_of(make_app, site, "text", "en")
    assert "gh-101 (ouvert)" in text_of(make_app, site, "text", "fr")


@pytest.mark.parametrize(("language", "is_isolated"), [("he", True), ("ar", True), ("de", False)])
def test_the_name_of_an_item_is_isolated_in_text_that_is_read_from_the_right(
    make_app: MakeApp, site: Path, language: str, is_isolated: bool
) -> None:
    app = build(make_app, site, confoverrides={"language": language})
    page = Path(app.outdir, "index.html").read_text("utf-8")
    assert (">" + "<bdi>gh-101</bdi><span" in page) == is_isolated
    assert page.count("<bdi>") == page.count("</bdi>")
    assert ("<bdi>" in page) == is_isolated


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.slow
@pytest.mark.no_cover
def test_the_filter_speaks_the_language(make_app: MakeApp, site: Path, page: Page) -> None:
    overrides = {"language": "de", "html_theme": "basic"}
    app = build(make_app, site, confoverrides=overrides)
    page.goto(Path(app.outdir, "index.html").as_uri())
    form = page.get_by_role("search", name="Verweise filtern")
    assert form.locator("label").all_text_contents() == [
        "Statusalleoffenzusammengeführt",
        "ArtalleIssuePull-Request",
        "Text",
    ]
    form.get_by_label("Status").select_option("offen")
    assert form.locator("output").inner_text() == "Verweise: 1 von 2"
    assert page.url.endswith("?state=open")


@pytest.mark.slow
@pytest.mark.no_cover
def test_badges_and_bars_stand_as_the_page_is_read(
    make_app: MakeApp, site: Path, page: Page
) -> None:
    overrides = {"language": "ar", "html_theme": "basic"}
    app = build(make_app, site, confoverrides=overrides)
    page.goto(Path(app.outdir, "index.html").as_uri())
    gaps = {direction: page.evaluate(MEASURE, direction) for direction in ("rtl", "ltr")}
    for direction, sign in (("rtl", -1), ("ltr", 1)):
        badge, share, sentence = gaps[direction]
        assert badge * sign > 0, "the badge has its gap on the side of its name"
        assert share * sign > 0, "the bar begins where lines begin"
        assert sentence > 0, "an English sentence is read from the left all the same"


# What is written, how a translator writes it, and what the German page shows, with a star at each
# link. Only what the translator wrote says what is escaped.
TRANSLATED_MARKDOWN = {
    r"Escaped gh\-101 here.": ("Mit Link gh-101 hier.", "Mit Link *gh-101 hier."),
    "Linked gh-102 here.": (r"Ohne Link gh\-102 hier.", "Ohne Link gh-102 hier."),
    r"Both gh\-103, gh-103.": (r"Beides gh-103, gh\-103.", "Beides *gh-103, gh-103."),
    "Strong gh-104.": (r"**Stark gh\-104** gh-104.", "Stark gh-104 *gh-104."),
    r"Another gh\#101": (r"Andere gh\#101, gh#102", "Andere gh#101, *gh#102"),
}
TRANSLATED_RST = {
    r"Escaped gh\-101 here.": ("Mit Link gh-101 hier.", "Mit Link *gh-101 hier."),
    "Linked gh-102 here.": (r"Ohne Link \gh-102 hier.", "Ohne Link gh-102 hier."),
}


@pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app. is deprecated")
@pytest.mark.parametrize(
    ("suffix", "texts"), [(".md", TRANSLATED_MARKDOWN), (".rst", TRANSLATED_RST)], ids=["md", "rst"]
)
def test_a_backslash_in_the_original_does_not_speak_for_the_translation(
    make_app: MakeApp, site: Path, suffix: str, texts: dict[str, tuple[str, str]]
) -> None:
    catalog = Catalog(locale="de")
    for original, (translation, _) in texts.items():
        catalog.add(original, translation)
    folder = site / "locale/de/LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "page.mo").open("wb") as file:
        write_mo(file, catalog)
    add_pages(site, {"page": "\n\n".join(texts)}, suffix)
    overrides = {"language": "de", "locale_dirs": ["locale"], "gettext_auto_build": False}
    app = build(make_app, site, "dummy", confoverrides=overrides)
    assert starred(app, "page") == [shown for _, shown in texts.values()]
