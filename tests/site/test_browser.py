"""The site as a reader sees it: a real browser, light and dark, desktop and phone.

Needs Chromium, which ``.ci/run`` installs where it is missing. Debian's is used rather than
Playwright's own, which would be a download outside the package index.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias
from urllib.parse import urlsplit

import msgspec
import pytest
from filelock import FileLock
from playwright.sync_api import ViewportSize, expect
from queries import Places, read_queries, reciprocal_ranks
from sphinx_snapshots.refstatus.words import script_words
from turns import all_in_ci

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site
    from playwright.sync_api import Browser, Page
    from sections import Section

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
#: A window of 1,280 px at 200 %, and the narrowest one of which WCAG 2.2 speaks (1.4.10).
ZOOMED: ViewportSize = {"width": 640, "height": 450}
NARROW: ViewportSize = {"width": 320, "height": 740}
Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

# Contrast by WCAG 2.2 of the word of each badge and outcome against what is behind it, worst first.
CONTRAST = """
() => {
  const channels = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const background = element => {
    for (let e = element; e; e = e.parentElement) {
      const color = channels(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll(".refstatus, .behavior-outcome")].map(element => {
    const [a, b] = [channels(getComputedStyle(element).color), background(element)]
      .map(luminance).sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), element.className + ": " + element.textContent];
  }).sort((x, y) => x[0] - y[0]);
}
"""


ROOT = Path(__file__).parents[2]
#: The content policy that the hosting notes advise.
POLICY = re.findall(r"^Content-Security-Policy: (.+)$", (ROOT / "README.md").read_text(), re.M)[0]


class _QuietHandler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the base class
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; the address."""
    handler = partial(_QuietHandler, directory=os.fspath(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """Where the site is served."""
    with serve(site.folder) as address:
        yield address


@pytest.fixture(scope="session")
def _page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def page(_page: Page) -> Iterator[Page]:
    """A page that remembers nothing, in a window of a desktop.

    It is the same one for all tests: a new one costs more than what most of them do with it.
    """
    _page.set_viewport_size(DESKTOP)
    yield _page
    _page.unroute_all()
    _page.evaluate("localStorage.clear()")
    _page.emulate_media(
        media="null", color_scheme="null", forced_colors="null", reduced_motion="null"
    )


@pytest.fixture
def everything(tmp_path: Path, look: Path) -> Iterator[str]:
    """The page that has everything a page may show, ``tests/roots/test-look``."""
    out = tmp_path / "html"
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", look, out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with serve(out) as address:
        yield f"{address}/index.html"


LEGIBLE = """
() => [...document.querySelectorAll("article svg text")].map(text => [
    // Size on the screen: a drawing may be scaled to the width of the column.
    parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a,
    text.textContent,
]).sort((x, y) => x[0] - y[0])
"""

# What a reader at this width would have to scroll sideways for, or could not read at all; what may
# scroll has a box of its own. An element that no one sees is one pixel wide.
MISFITS = """
() => {
  const scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const content = document.querySelector(".content");
  const found = [document.scrollingElement, content]
    .filter(box => box.scrollWidth > box.clientWidth)
    .map(box => `${box.localName} scrolls: ${box.scrollWidth} > ${box.clientWidth}`);
  const isIn = box => box && box !== content && (scrolls(box) || isIn(box.parentElement));
  const texts = "p, li, dt, td, th, caption, figcaption, summary, label, button, h1, h2, h3, h4";
  for (const element of document.querySelectorAll("body *")) {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth <= 1) continue;
    const {display, overflowX} = getComputedStyle(element);
    const isText = element.matches(texts) && display !== "inline" && !isIn(element);
    if ((isText || /hidden|clip/.test(overflowX)) &&
        element.checkVisibility({visibilityProperty: true}))
      found.push(`${element.localName}.${element.className}: ${element.textContent.trim()}`);
  }
  return found;
}
"""

# Words of the matrices that go on in the next line, where nothing says that they may be broken.
BROKEN = """
() => {
  const broken = [];
  const range = document.createRange();
  for (const cell of document.querySelectorAll(".behavior-matrix :is(td, th)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/\\p{L}+/gu)) {
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}
"""

# The controls of a page with its menus open that a finger may miss, or that are out of the window:
# WCAG 2.2 asks for 24 px (2.5.8) but in lines of text.
SMALL = """
() => {
  const switches = document.querySelectorAll("#__navigation, #__toc");
  const isInText = control => getComputedStyle(control).display === "inline";
  switches.forEach(box => { box.checked = true; });
  const controls = [...document.querySelectorAll("a[href], button, input, select, summary, label")]
    .filter(control => control.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter(control => {
      const {width, height, left, right} = control.getBoundingClientRect();
      const isOut = !control.closest(".highlight, .table-wrapper") && right > innerWidth + 1;
      return width > 1 && (isOut || (!isInText(control) && Math.min(width, height) < 23.9));
    })
    .map(control => control.outerHTML.slice(0, 160));
  switches.forEach(box => { box.checked = false; });
  return controls;
}
"""

# The text of a page without the filters, which are all that a script adds to a text.
TEXT = """
() => {
  document.querySelectorAll(".refstatus-filter").forEach(element => element.remove());
  return document.querySelector("article[role=main]").innerText;
}
"""


# The rules of WCAG 2.2, level AA, and the best practices that axe knows.
AXE_PAGES = {
    "index": "light desktop",
    "search": "dark phone",
    "404": "light desktop",
    "refstatus-changes": "light desktop",
    "finalization/index": "dark phone",
    "subinterpreters/free-threading": "dark phone",
}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
FAULTS = """
async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const {violations} = await axe.run({runOnly: tags, resultTypes: ["violations"]});
  return violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html}`));
}
"""


#: Links in lines below each other; and marks in a cell behind nothing but a link. WCAG 2.2 exempts
#: small targets (2.5.8) in sentences only, which `SMALL` cannot tell from other lines.
CLOSE_LINKS = (
    "references-by-page",
    "subinterpreters/heap-types",
    "subinterpreters/module-state",
    "subinterpreters/python-api",
)
TOO_CLOSE = """
async () => {
  const {violations} = await axe.run("article", {runOnly: ["target-size"]});
  return violations.flatMap(rule => rule.nodes.map(node => node.html));
}
"""


class Look(NamedTuple):
    """A window and a color scheme."""

    viewport: ViewportSize
    scheme: Scheme


LOOKS = {"light desktop": Look(DESKTOP, "light"), "dark phone": Look(PHONE, "dark")}

#: One page of each kind: the theme, its scripts and ours do the same on all pages of a kind.
KINDS = (
    "index",
    "refstatus",  # shows every badge there is
    "references",  # a list and its filters
    "behavior/own-gil",  # a matrix, outcomes of every kind, programs
    "subinterpreters/module-indexing",  # a note, with drawings
    "CONTRIBUTING",  # Markdown
)
GENERATED = ("genindex", "search", "404")

# Puts the article of another page into the place of this one: as it is laid out, without the cost
# of a visit.
SHOW_ARTICLE = """
async address => {
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  document.querySelector("article[role=main]").replaceWith(
    page.querySelector("article[role=main]"));
}
"""


class Visit(msgspec.Struct):
    """What was seen of a page.

    :param contrast: by the names of `LOOKS`: contrast, and class and text; worst first.
    :param text: as a reader can copy it.
    :param misfits: by the width of the window: what does not fit into it.
    :param small: controls that a finger may miss.
    """

    contrast: dict[str, list[tuple[float, str]]]
    text: str
    misfits: dict[int, list[str]] = {}
    small: list[str] = []


class Journey(msgspec.Struct):
    """One page of each kind, loaded once.

    :param visits: by the name of the page.
    :param asked: every address that was asked for.
    """

    visits: dict[str, Visit]
    asked: list[str]
    errors: list[str]


@pytest.fixture(scope="session")
def journey(address: str, browser: Browser, shared_folder: Path) -> Journey:
    """The pages as they are with scripts; one journey for all test processes."""
    path = shared_folder / "journey.json"
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            path.write_bytes(msgspec.json.encode(visit(address, browser)))
    return msgspec.json.decode(path.read_bytes(), type=Journey)


def visit(address: str, browser: Browser, *, scripts: bool = True) -> Journey:
    """Visit a page of each kind, and look at it in every way; without scripts, only read it."""
    # A menu is where it opens at once.
    context = browser.new_context(java_script_enabled=scripts, reduced_motion="reduce")
    seen = Journey({}, [], [])
    context.on("request", lambda request: seen.asked.append(request.url))
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    context.on(
        "console",
        lambda message: seen.errors.append(message.text) if message.type == "error" else None,
    )
    page = context.new_page()
    wanted = LOOKS if scripts else {}
    for name in (*KINDS, *GENERATED):
        page.goto(f"{address}/{name}.html")
        contrast = {}
        for kind, look in wanted.items():
            page.set_viewport_size(look.viewport)
            page.emulate_media(color_scheme=look.scheme)
            contrast[kind] = page.evaluate(CONTRAST)
        misfits: dict[int, list[str]] = {}
        small: list[str] = []
        for window in (ZOOMED, NARROW) if scripts else ():
            page.set_viewport_size(window)
            misfits[window["width"]] = page.evaluate(MISFITS)
            small += page.evaluate(SMALL)
        page.set_viewport_size(DESKTOP)
        seen.visits[name] = Visit(contrast, page.evaluate(TEXT), misfits, small)
    context.close()
    return seen


def test_no_page_asks_another_host_or_has_errors(journey: Journey) -> None:
    """Those of each kind; that no page names another host is seen in ``test_site.py``.

    What the content policy forbids is an error, too.
    """
    assert len(journey.asked) > len(journey.visits)
    asked = {urlsplit(url).netloc.partition(":")[0] for url in journey.asked}
    assert asked <= {"127.0.0.1", ""}  # the port is that of the process that made the journey
    assert journey.errors == []


def test_axe_finds_nothing(address: str, page: Page) -> None:
    """Small pages of each kind: on one with a thousand cells, axe thinks for a minute."""
    faults = {}
    for name, kind in AXE_PAGES.items():
        look = LOOKS[kind]
        page.set_viewport_size(look.viewport)
        page.emulate_media(color_scheme=look.scheme)
        page.goto(f"{address}/{name}.html")
        page.evaluate(AXE)
        faults[name] = page.evaluate(FAULTS)
    assert faults == {name: [] for name in AXE_PAGES}


def test_fingers_can_tell_links_below_each_other_apart(address: str, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/index.html")
    page.evaluate(AXE)
    close = {}
    for name in CLOSE_LINKS:
        page.evaluate(SHOW_ARTICLE, f"{address}/{name}.html")
        close[name] = page.evaluate(TOO_CLOSE)
    assert close == {name: [] for name in CLOSE_LINKS}


@pytest.mark.parametrize("width", [ZOOMED["width"], NARROW["width"]])
def test_nothing_is_cut_at_200_percent_and_at_320_pixels(journey: Journey, width: int) -> None:
    misfits = {name: visit.misfits[width] for name, visit in journey.visits.items()}
    assert {name: found for name, found in misfits.items() if found} == {}


def test_fingers_hit_every_control(journey: Journey) -> None:
    small = {name: visit.small for name, visit in journey.visits.items() if visit.small}
    assert small == {}


def test_everything_at_once_fits_and_axe_finds_nothing(everything: str, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(everything)
    page.evaluate(AXE)
    for viewport in (DESKTOP, ZOOMED, NARROW):
        page.set_viewport_size(viewport)
        assert page.evaluate(MISFITS) == []
    assert page.evaluate(SMALL) == []
    faults = {}
    for name, look in LOOKS.items():
        page.set_viewport_size(look.viewport)
        page.emulate_media(color_scheme=look.scheme)
        assert page.evaluate(CONTRAST)[0][0] >= 4.5
        faults[name] = page.evaluate(FAULTS)
    assert {look: found for look, found in faults.items() if found} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_badges_and_outcomes_can_be_read(journey: Journey, look: str) -> None:
    for visit in journey.visits.values():
        if visit.contrast[look]:
            assert visit.contrast[look][0][0] >= 4.5, visit.contrast[look][0]


def test_every_class_of_badge_and_outcome_was_looked_at(journey: Journey, site: Site) -> None:
    """Contrast depends on the class, not on the page."""
    written = re.compile(r'class="((?:refstatus|behavior-outcome) [^"]+)"')
    used = {name for path in site.html_files() for name in written.findall(path.read_text("utf-8"))}
    assert len(used) > 15
    for look in LOOKS:
        seen = [words for visit in journey.visits.values() for _, words in visit.contrast[look]]
        assert used - {words.partition(":")[0] for words in seen} == set()


@pytest.mark.parametrize(
    "viewport",
    all_in_ci([DESKTOP, NARROW]),
    ids=lambda viewport: f"{viewport['width']} px",
)
def test_no_page_is_too_wide_and_the_words_of_drawings_are_legible(
    site: Site, address: str, page: Page, viewport: ViewportSize
) -> None:
    page.set_viewport_size(viewport)
    page.goto(f"{address}/finalization/sequence.html")
    misfits, sizes = {}, []
    for name in site.pages:
        page.evaluate(SHOW_ARTICLE, f"{address}/{name}.html")
        misfits[name] = page.evaluate(MISFITS) + page.evaluate(BROKEN)
        sizes += page.evaluate(LEGIBLE)
    assert {name: found for name, found in misfits.items() if found} == {}
    assert len(sizes) > 40
    assert min(sizes)[0] >= 10, min(sizes)


def test_pages_are_whole_without_scripts(journey: Journey, address: str, browser: Browser) -> None:
    without = visit(address, browser, scripts=False)
    for name in KINDS:
        text = without.visits[name].text
        assert text == journey.visits[name].text, name
        assert len(text) > 500, name


def test_nobody_can_switch_the_theme_without_scripts(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport=DESKTOP, java_script_enabled=False)
    page.goto(f"{address}/messages.html")
    switches = page.locator(".theme-toggle-container").all()
    assert switches
    assert not any(switch.is_visible() for switch in switches)
    page.close()


def test_a_page_finds_its_styles_once(address: str, browser: Browser) -> None:
    """A script or rule that has all styles looked for again keeps a phone from being used."""
    page, trace = browser.new_page(viewport=PHONE), browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    is_over: list[bool] = []
    trace.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    trace.on("Tracing.tracingComplete", lambda _: is_over.append(True))
    for name in ("subinterpreters/limitations", "references"):
        events.clear()
        is_over.clear()
        categories = {"includedCategories": ["devtools.timeline"]}
        trace.send("Tracing.start", {"traceConfig": categories})
        page.goto(f"{address}/{name}.html")
        page.evaluate("new Promise(done => setTimeout(done, 300))")
        trace.send("Tracing.end")
        for _ in range(1_000):
            if not is_over:
                page.wait_for_timeout(20)
        assert is_over
        elements = page.evaluate("document.querySelectorAll('*').length")
        parsed = max(e["ts"] + e.get("dur", 0) for e in events if e["name"] == "ParseHTML")
        assert elements > 1_000
        assert sum(styled_after(parsed, events)) < elements / 3, name
        filters = [
            e["ts"] for e in events if "/refstatus.js" in e["args"].get("data", {}).get("url", "")
        ]
        assert bool(filters) == (name == "references")
        assert sum(styled_after(max(filters, default=math.inf), events)) < 300
    page.close()


def styled_after(moment: float, events: list[dict[str, Any]]) -> list[int]:
    """For how many elements styles were looked for, each time that they were."""
    return [
        event["args"]["elementCount"]
        for event in events
        if event["name"] == "UpdateLayoutTree" and event["ts"] > moment
    ]


def test_badges_keep_word_and_shape_where_colors_are_forced(address: str, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}/refstatus.html")
    looks = page.evaluate(
        """() => [...document.querySelectorAll(".refstatus")].map(badge => {
            const [word, shape] = [getComputedStyle(badge), getComputedStyle(badge, "::before")];
            return [badge.textContent, word.color, shape.backgroundColor, shape.maskImage];
        })"""
    )
    link = page.evaluate("getComputedStyle(document.querySelector('article a')).color")
    assert len(looks) > 12
    for words, color, shape_color, shape in looks:
        assert words
        assert color == shape_color == link
        assert shape.startswith("url(")


@pytest.mark.parametrize("chosen", [*SCHEMES, "auto"])
@pytest.mark.parametrize("system", SCHEMES)
def test_badges_can_be_read_on_paper(address: str, page: Page, system: Scheme, chosen: str) -> None:
    page.goto(f"{address}/404.html")
    page.evaluate("chosen => localStorage.setItem('theme', chosen)", chosen)
    page.emulate_media(media="print", color_scheme=system)
    # One shows every badge there is, the other outcomes of every kind.
    for name in ("refstatus", "behavior/own-gil"):
        page.goto(f"{address}/{name}.html")
        assert page.evaluate("document.body.dataset.theme") == chosen
        contrast = page.evaluate(CONTRAST)
        assert len(contrast) > 12
        assert contrast[0][0] >= 4.5, contrast[0]


@pytest.mark.parametrize("chosen", SCHEMES)
@pytest.mark.parametrize("system", SCHEMES)
def test_badges_follow_the_button_of_the_theme_too(
    address: str, page: Page, system: Scheme, chosen: Scheme
) -> None:
    page.goto(f"{address}/404.html")
    page.emulate_media(color_scheme=system)
    page.evaluate("chosen => localStorage.setItem('theme', chosen)", chosen)
    page.goto(f"{address}/refstatus.html")  # which shows every badge there is
    contrast = page.evaluate(CONTRAST)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert len(contrast) > 12
    assert contrast[0][0] >= 4.5, contrast[0]
    assert (background == "rgb(255, 255, 255)") == (chosen == "light")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_table_of_probes_is_whole_under_its_heads(
    address: str, page: Page, viewport: ViewportSize
) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(viewport)
    page.goto(f"{address}/subinterpreters/limitations.html")
    table = page.locator("table.behavior-matrix").last
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    heads, row = table.locator("thead th"), table.locator("tbody tr").nth(9)
    # Every series, and each cell in words, stand within the window.
    for part in [*heads.all()[1:], *row.locator(".behavior-outcome").all()]:
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"]
    row.evaluate("row => row.scrollIntoView({block: 'center'})")
    head, middle = heads.last.bounding_box(), row.bounding_box()
    assert head is not None
    assert middle is not None
    assert 0 <= head["y"] < 60 < middle["y"]
    claim = row.locator("th[scope=row]").bounding_box()
    seen = row.locator("p .behavior-outcome").first.bounding_box()
    assert claim is not None
    assert seen is not None
    is_above = claim["y"] + claim["height"] <= seen["y"]
    assert is_above == (viewport == PHONE)
    page.set_viewport_size(ZOOMED)
    assert page.evaluate(MISFITS) == []


def test_a_mark_shows_its_row_on_hover_focus_and_tap(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(f"{address}/subinterpreters/limitations.html")
    panel = page.locator(".behavior-panel")
    mark, other = page.locator(".behavior-mark").nth(1), page.locator(".behavior-mark").nth(2)
    for show in (mark.tap, other.focus, mark.hover):
        show()
        assert panel.locator("th[scope=row]").first.is_visible()
        box = panel.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
        page.keyboard.press("Escape")
        assert panel.count() == 0
    assert "#" not in page.url
    context.close()


def test_a_mark_leads_to_its_row_and_that_to_the_program(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport=DESKTOP, java_script_enabled=False)
    page.goto(f"{address}/subinterpreters/limitations.html")
    mark = page.locator(".behavior-mark").first
    assert re.match(r"run: \w+ on 3\.\d+", mark.get_attribute("aria-label") or "")
    mark.click()
    page.locator("tr:target .behavior-outcome").first.click()
    page.wait_for_url("**/behavior/subinterpreter.html#probe-*")
    shown = page.locator("section:has(:target)").last
    assert shown.locator("table.behavior-results").is_visible()
    program = shown.locator("details.behavior-program")
    assert not program.locator("pre").is_visible()
    program.locator("summary").click()
    assert program.locator("pre").is_visible()
    page.close()


# Has the site's own script search, all at once: the addresses found, below the root of the site.
SEARCH = """
async queries => {
  const { makeSearch } = await import("/_static/snapshots-search/engine.js");
  const search = await makeSearch(await (await fetch("/search-records.json")).json());
  return queries.map(query => search(query).results.map(record => record.address));
}
"""


#: Something is found for a word that is being typed, of which the index has a shorter form, and
#: for names that JavaScript has itself.
ODD = {"finalizatio": True, "__proto__ finalization": True, "": False, "((": False}


def test_what_people_type_leads_to_the_page_and_the_section(
    address: str, page: Page, site: Site, sections: list[Section]
) -> None:
    queries, places = read_queries(), Places(sections, site.labels)
    page.goto(f"{address}/refstatus-changes.html")
    answers = page.evaluate(SEARCH, [*(query.text for query in queries), *ODD])
    assert [bool(found) for found in answers[len(queries) :]] == list(ODD.values())
    answers = answers[: len(queries)]
    for part in {query.part for query in queries}:
        ranks = [
            reciprocal_ranks({a for name in query.right for a in places.addresses(name)}, found)
            for query, found in zip(queries, answers, strict=True)
            if query.part == part
        ]
        by_page, by_section = (sum(each) / len(ranks) for each in zip(*ranks, strict=True))
        assert by_page >= 0.9, part
        assert by_section >= 0.85, part


def test_a_search_field_shows_sections_while_one_types(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(f"{address}/refstatus-changes.html")
    assert not any("snapshots-search/" in path or "records" in path for path in asked)
    page.keyboard.press("/")  # the field is not to be seen
    assert page.evaluate("document.activeElement === document.body")
    field = page.locator("form[role=search] input[name=q]").first
    field.evaluate("field => { document.querySelector('#__navigation').click(); field.focus(); }")
    page.keyboard.type("m_inde")
    options = page.get_by_role("option")
    first = options.first
    # What was found for the first letters may stand there until all are typed.
    wanted = f"{address}/subinterpreters/module-indexing.html#the-index"
    expect(first).to_have_attribute("href", wanted)
    assert field.get_attribute("aria-expanded") == "true"
    assert re.fullmatch(r"Results: [0-9]+", page.locator(".snapshots-search-status").inner_text())
    box = page.locator(".snapshots-search-panel").bounding_box()
    assert box
    assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] + box["height"] <= PHONE["height"]
    # Up from the field is the last one, which leads to all.
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == options.last.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    assert not first.is_visible()
    assert field.evaluate("field => field === document.activeElement")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert first.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/subinterpreters/module-indexing.html#the-index")
    page.close()


@pytest.mark.parametrize(
    ("query", "note"),
    [
        pytest.param("qwzhtorch subinterpreters", "No page has: qwzhtorch", id="unknown"),
        pytest.param(
            "demon slowzzwer threads", "Searched for: daemon · No page has: slowzzwer", id="both"
        ),
        pytest.param("bpo40522 0x7f1c subinterpreters", "", id="numbers"),
    ],
)
def test_what_is_not_looked_for_as_it_was_typed_is_said(
    address: str, page: Page, query: str, note: str
) -> None:
    page.goto(f"{address}/refstatus-changes.html")
    page.locator("form[role=search] input[name=q]").first.fill(query)
    page.get_by_role("option").first.wait_for()
    expect(page.locator(".snapshots-search-note")).to_have_text(note)
    page.goto(f"{address}/search.html?q={query}")
    page.locator(".snapshots-search-list a").first.wait_for()
    notes = page.locator(".snapshots-search-all p:not([role=status])").all_inner_texts()
    assert " · ".join(notes) == note


def test_an_item_named_among_many_words_is_no_answer_to_all_of_them(
    address: str, page: Page
) -> None:
    page.goto(f"{address}/refstatus-changes.html")
    words = "finalizing flag set before daemon threads end"
    queries = [words, f"{words} bpo-40522", "bpo-40522 finalizing flag", "bpo-40522"]
    alone, aside, few, bare = page.evaluate(SEARCH, queries)
    assert aside[0] == alone[0]
    assert aside[1] == few[0] == bare[0]


def test_a_missing_address_is_answered_by_what_its_words_find(address: str, page: Page) -> None:
    missing = f"{address}/old/daemon-threads.html"
    holder = (
        '<p data-snapshots-search-address></p><script src="/_static/snapshots-search.js"></script>'
    )
    page.route(missing, lambda route: route.fulfill(body=holder, content_type="text/html"))
    page.goto(missing)
    first = page.locator("[data-snapshots-search-address] a").first
    first.wait_for()
    assert first.get_attribute("href") == f"{address}/finalization/daemon-threads.html"


def test_a_slash_leads_to_the_search_field(address: str, page: Page) -> None:
    page.goto(f"{address}/refstatus-changes.html")
    page.keyboard.press("/")
    page.keyboard.type("a/b")
    field = page.locator("form[role=search] input[name=q]").first
    assert field.evaluate("field => field === document.activeElement")
    assert field.input_value() == "a/b"


@pytest.mark.parametrize("is_there", [True, False], ids=["ours", "Sphinx's own"])
def test_the_search_page_shows_sections_or_else_what_sphinx_finds(
    address: str, page: Page, *, is_there: bool
) -> None:
    if not is_there:
        page.route("**/search-records.json", lambda route: route.abort())
    page.goto(f"{address}/search.html?q=%3Cb%3E+m_index")
    ours, sphinx = page.locator(".snapshots-search-all"), page.locator("#search-results")
    # Sphinx shows what it finds one after the other.
    wanted = 'li a[href*="subinterpreters/module-indexing.html"]'
    (ours if is_there else sphinx).locator(wanted).first.wait_for()
    assert ours.count() == is_there
    assert sphinx.is_visible() != is_there


class References:
    """A page with lists of references, and the form that filters them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = page.locator("table.refstatus-list tbody tr:visible")
        self.headings = page.locator(".refstatus-group .rubric:visible")
        self.count = page.get_by_role("status")
        self.form = page.get_by_role("search", name="Filter the references")

    def choose(self, label: str, wanted: str) -> None:
        """Choose or type in a field, all by the keyboard, which has to reach it first."""
        self.form.get_by_label("State").focus()
        field = self.form.get_by_label(label)
        while not field.evaluate("e => e === document.activeElement"):
            assert self.form.locator(":focus").count() == 1, f"no way to {label}"
            self.page.keyboard.press("Tab")
        options = field.locator("option").all_inner_texts()
        if not options:
            self.page.keyboard.type(wanted)
        # Not by typing: letters that come slowly, on a busy machine, each begin a new search.
        for _ in range(options.index(wanted) if options else 0):
            self.page.keyboard.press("ArrowDown")

    def items(self) -> set[str]:
        """The addresses of the items in view."""
        script = "rows => rows.map(row => row.querySelector('a').href)"
        return set(self.rows.evaluate_all(script))


@pytest.fixture
def references(address: str, page: Page) -> References:
    page.goto(f"{address}/references.html")
    return References(page)


def test_the_list_of_references_can_be_filtered_by_keyboard(
    references: References, address: str
) -> None:
    everything = references.rows.count()
    headings = references.headings.all_inner_texts()
    references.choose("State", "open")
    opened = references.rows.count()
    assert 0 < opened < everything
    assert references.headings.all_inner_texts() == [f"Open ({opened})"] == headings[:1]
    assert references.count.inner_text() == f"References: {opened} of {everything}"
    references.choose("Text", "no such words")
    assert references.rows.count() == references.headings.count() == 0
    assert references.count.inner_text() == f"References: 0 of {everything}"
    assert references.page.url.endswith("/references.html?state=open&text=no+such+words")
    references.page.goto(f"{address}/references.html?state=open")
    assert references.rows.count() == opened
    references.page.goto(f"{address}/references.html?state=nonsense")
    assert references.rows.count() == everything
    references.choose("Kind", "pull request")
    words = references.rows.locator(".refstatus-dates .line:first-child").all_inner_texts()
    assert set(words) == {"pull request"}
    kind = references.form.get_by_label("Kind")
    assert kind.locator("option:checked").inner_text() == "pull request"
    assert references.page.url.endswith("/references.html?kind=pull")


def test_the_list_of_references_can_be_filtered_by_repository(references: References) -> None:
    found = references.items()
    repositories = {"/".join(item.split("/")[3:5]) for item in found if "//github.com/" in item}
    others = {urlsplit(item).netloc for item in found if "//github.com/" not in item}
    choices = references.form.get_by_label("Repository").locator("option").all_inner_texts()
    assert choices == ["all", *sorted({*repositories, *others})]
    assert len(repositories) > 1
    references.choose("Repository", "python/peps")
    counts = [int(re.findall(r"\d+", text)[-1]) for text in references.headings.all_inner_texts()]
    assert sum(counts) == references.rows.count()
    assert references.items() == {item for item in found if "/python/peps/" in item}
    assert references.page.url.endswith("/references.html?repository=python%2Fpeps")


def test_repositories_are_no_choice_where_there_is_one(references: References, page: Page) -> None:
    page.route("**/references.html", lambda route: route.fulfill(body=ONE_REPOSITORY))
    page.goto(references.page.url)
    labels = page.get_by_role("search").locator("label").all_inner_texts()
    assert [label.split("\n")[0].split("all")[0] for label in labels] == ["State", "Kind", "Text"]


ONE_REPOSITORY = f"""
<!doctype html>
<div class="refstatus-filter-place"></div>
<table class="refstatus-list"><tbody>
<tr class="refstatus-state-open refstatus-kind-issue">
<td><a href="https://github.com/python/cpython/issues/1">gh-1</a></td></tr>
</tbody></table>
<script src="_static/refstatus.js" data-words="{escape(json.dumps(script_words()))}"></script>
"""


def test_other_orders_are_links_that_keep_what_was_chosen(references: References) -> None:
    found = references.items()
    references.choose("Text", "daemon")
    chosen = references.items()
    assert 0 < len(chosen) < len(found)
    references.page.get_by_role("link", name="by date", exact=True).focus()
    references.page.keyboard.press("Enter")
    references.page.wait_for_url("**/references-by-date.html?text=daemon#references-by-date")
    assert references.items() == chosen
    dates = [
        date[1]
        for text in references.rows.all_inner_texts()
        if (date := re.search(r"(?:opened|committed) (\S+)", text))
    ]
    assert len(dates) > 5
    assert dates == sorted(dates, reverse=True)
    references.page.get_by_role("link", name="by page", exact=True).focus()
    references.page.keyboard.press("Enter")
    references.page.wait_for_url("**/references-by-page.html?text=daemon#references-by-page")
    assert references.items() == chosen  # and perhaps more than once each
    assert references.count.inner_text() == f"References: {len(chosen)} of {len(found)}"
    assert references.rows.count() > len(chosen)
    references.page.get_by_role("link", name="by state", exact=True).focus()
    references.page.keyboard.press("Enter")
    references.page.wait_for_url("**/references.html?text=daemon#references")
    assert references.form.get_by_label("Text").input_value() == "daemon"


def test_menus_and_folders_open_by_keyboard(address: str, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/index.html")
    drawer, press = page.locator(".sidebar-drawer"), page.keyboard.press
    focused = "document.activeElement.closest('.sidebar-drawer') !== null"
    press("Tab")
    assert page.evaluate("document.activeElement.id") == "__navigation"
    assert not drawer.is_visible()
    for _ in range(8):  # past the switches and the skip link, nothing of the closed menu has focus
        press("Tab")
        assert not page.evaluate(focused)
    page.locator("#__navigation").focus()
    press("Space")
    assert drawer.is_visible()
    folder = page.locator(".toctree-checkbox").first
    folder.focus()
    inside = drawer.get_by_role("link", name="Module state")
    assert not inside.is_visible()
    press("Space")
    assert inside.is_visible()
    press("Escape")
    assert not drawer.is_visible()
    assert page.evaluate("document.activeElement.id") == "__navigation"


def test_what_a_badge_tells_is_told_to_keys_and_fingers(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(f"{address}/subinterpreters/limitations.html")
    panel = page.locator(".site-panel")
    link = page.locator("a[title]:has(> .refstatus)").first
    title = link.get_attribute("title")
    assert title
    link.locator(".refstatus").tap()
    assert panel.inner_text().split("\n")[0] == title
    way = panel.get_by_role("link")
    assert way.get_attribute("href") == link.get_attribute("href")
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    link.evaluate("link => { link.blur(); link.focus({focusVisible: true}); }")
    assert panel.inner_text() == title
    context.close()


@pytest.mark.parametrize("come", ["by mouse", "by keyboard"])
def test_what_copies_code_is_loaded_when_somebody_comes_to_code(
    address: str, page: Page, come: str
) -> None:
    asked = "performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)"
    page.goto(f"{address}/subinterpreters/life.html")
    assert "/_static/all.js" in page.evaluate(asked)
    assert "/_static/copy.js" not in page.evaluate(asked)
    code = page.locator(".highlight").first
    button = page.locator("button.copybtn").first
    assert button.count() == 0
    if come == "by mouse":
        code.hover()
    else:
        page.keyboard.press("Tab")
    button.wait_for(state="attached")
    assert page.evaluate(asked).count("/_static/copy.js") == 1
    button.click()
    assert "success" in (button.get_attribute("class") or "")


def test_links_to_probes_lead_below_the_header_of_a_phone(address: str, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/behavior/finalization.html")
    tops = page.evaluate(
        """() => [...document.querySelectorAll("section[id^=probe-]")].slice(0, 20).map(probe => {
            location.hash = probe.id;
            return probe.getBoundingClientRect().top;
        })"""
    )
    header = page.locator(".mobile-header").bounding_box()
    assert header is not None
    assert len(tops) == 20
    assert min(tops) >= header["height"]


def test_messages_are_cards_on_a_phone_and_say_what_each_line_is(address: str, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/messages.html")
    wide = page.evaluate(
        "[...document.querySelectorAll('.table-wrapper')].map(e => e.scrollWidth - e.clientWidth)"
    )
    cell = page.locator("table.cards td:nth-child(3)").first
    label = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    page.set_viewport_size(ZOOMED)
    misfits = page.evaluate(MISFITS)
    assert misfits == []
    assert len(wide) > 2
    assert max(wide) == 0
    assert label == '"Cure"'


def test_paper_has_signs_and_addresses_and_nothing_of_the_window(address: str, page: Page) -> None:
    page.emulate_media(media="print")
    page.goto(f"{address}/subinterpreters/limitations.html")
    for gone in (".skip-to-content", ".sidebar-drawer", ".toc-drawer", ".mobile-header"):
        assert not page.locator(gone).is_visible(), gone
    sign = page.evaluate(
        "getComputedStyle(document.querySelector('.refstatus'), '::before').printColorAdjust"
    )
    outside = page.locator("article a.external:not([title])").first
    told = outside.evaluate("link => getComputedStyle(link, '::after').content")
    leads_to = outside.get_attribute("href")
    assert sign == "exact"
    assert leads_to
    assert leads_to in told
