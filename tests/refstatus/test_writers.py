"""Every format that Sphinx writes: no warning, the states in words, and nothing from a title alive.

The site is built once in each format, all from one folder of doctrees, and looked at many times.
"""

from __future__ import annotations

import functools
import html
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import msgspec
import pytest
from docutils import nodes
from refstatus_site import (
    BPO,
    GITHUB,
    IN_MARKDOWN,
    IN_MARKDOWN_PROSE,
    IN_RST,
    PROSE,
    SHA,
    SNAPSHOT,
    add_pages,
    build,
    copy_site,
)
from site_builds import resolved
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from sphinx_snapshots.refstatus.badges import BADGE
from sphinx_snapshots.refstatus.model import one_line, without_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from site_builds import MakeApp

#: Builds take twice as long when they are measured; other tests cover the same lines.
pytestmark = pytest.mark.no_cover


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return copy_site(rootdir, tmp_path)


# Hostile titles stand between these two words, by which a test finds them in any format.
START, END = "Alphaword ", " Omegaword"
TITLES = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"double\" 'single' `back` ``two`` ''three'' \u201ccurled\u201d",
    "&amp; & &#60;b&#62; &lt",
    "\u202eright to left\u202c \u2067isolated\u2069 \u200fmark \u200bzero \ufeffwidth",
    "\x00nul \x07bell \x1b[31mred \x7fdel \x85next \x9bcsi \ue000private",
    r"\textbf{x} \input{/etc/passwd} $y$ %z #w _v ^u ~t {s} [o] ^^5c \end{document}",
    "one\n.TH two\r\n'br three\u2028@bye four\u2029five\x0b\x0c.. six:: x",
    "]]> --> <!-- <![CDATA[ <?x ?> ]]&gt;",
    r".so /etc/passwd \fBx\fR \*(xx \n(.x \X'tty' \! 'br T} \\ \\. \c",
    "@bye @{x@} {y} @include x, comma, @c @end ifinfo @@ } {",
    "`x <y>`_ |z| *a* **b** :gh:`1` bpo-40512 gh-101 x_ [1]_ https://example.org/",
    ".",
]
LONG = "x" * 5000 + " y" * 2500
FIRST = 66_000  # the number of the first of them


def number_titles() -> dict[int, str]:
    """Number of an item to its title; the long one has an end that no reader sees."""
    titles = [START + title + END for title in (*TITLES, LONG)]
    return dict(enumerate(titles, FIRST))


EXTENSIONS = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.todo", "sphinx_design"]

# Wherever a title can get.
OVERVIEW = """
Overview
========

.. refstatus-legend::

.. refstatus-summary::

.. refstatus-list::

Some
----

.. refstatus-list::
   :kind: pull
   :state: open, draft

:gh:`102`

.. refstatus-summary::
   :section:

.. refstatus-summary::
   :page: markdown

.. refstatus-list::
   :kind: pull
   :group: page

.. refstatus-list::
   :kind: pull
   :group: state
   :sort: closed
"""
# All that a link can hold.
HOLDING = f"""
.. image:: pixel.png
   :target: {GITHUB}/issues/101

.. figure:: pixel.png
   :target: {GITHUB}/issues/101

   The caption names gh-102.

|icon| in a sentence, *emphasis around* :gh:`101`, and `some **words** <{GITHUB}/issues/101>`__.

.. |icon| image:: pixel.png
   :target: {GITHUB}/issues/101

.. list-table::

   * - .. image:: pixel.png
          :target: {GITHUB}/issues/101
     - - .. image:: pixel.png
            :target: {GITHUB}/pull/106
"""
HOSTILE = """
:gh:`{n}+`
============

:gh:`{n}+`.

:gh:`{n}+`
------------

:gh:`{n}+`
   :gh:`{n}+`

.. figure:: pixel.png

   :gh:`{n}+`

.. list-table:: :gh:`{n}+`

   * - :gh:`{n}+`

:gh:`{n}+`
~~~~~~~~~~~~

- :gh:`text <{n}>` [#t{n}]_

| :gh:`{n}+`
| *x* :gh:`{n}+`

.. [#t{n}] :gh:`{n}+`
"""
# What other extensions and directives make.
NEIGHBORS = f"""
Neighbors of :gh:`101`
======================

.. image:: pixel.png
   :target: {GITHUB}/issues/101

.. figure:: pixel.png
   :target: {GITHUB}/issues/101

   Beside an image, gh-101

.. only:: html

   On screens, gh-102

.. only:: not html

   On paper, gh-102

.. include:: part.txt

.. todo:: To do, gh-103

.. todolist::

.. autosummary::

   documented.act

.. autofunction:: documented.act

.. button-link:: {GITHUB}/issues/101
   :color: primary

   In a button

.. card:: Title of a card, gh-102
   :link: {GITHUB}/issues/101

   In a card, gh-104

.. dropdown:: Opened by gh-101

   In a dropdown, gh-105

.. tab-set::

   .. tab-item:: Chosen by gh-101

      In a tab, gh-106

   .. tab-item:: The other

      Nothing
"""


def make_source(folder: Path) -> None:
    """Add pages of every form, of lists, of all in links, and of hostile titles to the site."""
    url = f"{GITHUB}/issues/101"
    forms = [way.format(url=url, n=0) for way in IN_RST.values()]
    (folder / "forms.rst").write_text(
        "Forms\n=====\n\n" + "\n\n".join([*forms, *sorted(PROSE.values(), key=is_heading)]) + "\n"
    )
    forms = [way.format(url=url, n=0) for way in IN_MARKDOWN.values()]
    (folder / "more.md").write_text(
        "# More\n\n" + "\n\n".join([*forms, *IN_MARKDOWN_PROSE.values()])
    )
    (folder / "overview.rst").write_text(OVERVIEW)
    (folder / "holding.rst").write_text(f"Holding\n=======\n{HOLDING}")
    # Only formats with a file for each page have one that stands in no toctree.
    add_pages(folder, {"alone": "It cites gh-102."})
    (folder / "neighbors.rst").write_text(NEIGHBORS)
    (folder / "part.txt").write_text("Included, gh-101")
    (folder / "documented.py").write_text('def act():\n    """In a docstring, gh-107"""\n')
    with (folder / "conf.py").open("a") as file:
        file.write(f"extensions += {EXTENSIONS}\ntodo_include_todos = True\n")
        file.write(f"import sys\nsys.path.insert(0, {os.fspath(folder)!r})\n")
    for n in number_titles():
        (folder / f"hostile-{n}.rst").write_text(HOSTILE.format(n=n))
    with (folder / "index.rst").open("a") as file:
        file.write("   forms\n   more\n   neighbors\n   overview\n   holding\n   hostile-*\n")
    index = folder / "index.rst"
    index.write_text(index.read_text().replace("toctree::\n", "toctree::\n   :glob:\n"))
    records = [
        {"kind": "issue", "key": f"python/cpython#{n}", "state": "open", "title": title}
        for n, title in number_titles().items()
    ]
    before, mark, after = (
        (folder / SNAPSHOT).read_bytes().partition(b'{"kind":"issue","key":"python/cpython#66666"')
    )
    lines = [msgspec.json.encode(record) + b"\n" for record in records]
    (folder / SNAPSHOT).write_bytes(b"".join([before, *lines, mark, after]))


def is_heading(source: str) -> bool:
    return "---" in source


class Output(NamedTuple):
    """What a build wrote, and said."""

    folder: Path
    warnings: str
    app: Sphinx

    def read(self, *patterns: str) -> str:
        """The content of the files that match."""
        files = [path for pattern in patterns for path in sorted(self.folder.glob(pattern))]
        assert files
        return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Callable[[str], Output]:
    """Builds the site in a format when it is first asked for."""
    base = tmp_path_factory.mktemp("writers")
    source = copy_site(rootdir, base)
    make_source(source)

    @functools.cache
    def write(builder: str) -> Output:
        warnings = io.StringIO()
        folder = base / builder
        # Nothing is asked of the network: linkcheck only lists the links then.
        # An item of this site is missing, as linkcheck says.
        overrides = {"linkcheck_ignore": [".*"], "suppress_warnings": ["refstatus.link"]}
        with docutils_namespace():
            app = Sphinx(
                source,
                source,
                folder,
                base / ("doctrees-of-gettext" if builder == "gettext" else "doctrees"),
                builder,
                confoverrides=overrides,
                status=None,
                warning=warnings,
                warningiserror=True,
                parallel=2,
            )
            app.build()
        return Output(folder, warnings.getvalue(), app)

    return write


BUILDERS = (
    "html",
    "dirhtml",
    "singlehtml",
    "epub",
    "latex",
    "text",
    "man",
    "texinfo",
    "gettext",
    "linkcheck",
    "json",
    "xml",
    "pseudoxml",
    "htmlhelp",
    "changes",
)


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_format_is_written_without_a_warning(
    written: Callable[[str], Output], builder: str
) -> None:
    assert written(builder).warnings == ""


# States, in words -------------------------------------------------------------------------

# What each link of the first paragraph of roles.rst is called, and its state.
STATES = {
    "gh-101": "open",
    "gh-84692": "completed",
    "gh-102": "not planned",
    "gh-103": "duplicate",
    "bpo-40601": "closed",
    "#104": "open",
    "#105": "draft",
    "#20085": "merged, reverted",
    "#106": "closed",
    "@5d38517": "commit",
    "gh-107": "open",
    "gh-108": "missing",
    "gh-109": "unknown",
    "bpo-99999": "unknown",
    "bpo-12345": "unknown",
}
SEVERAL = [("gh-101", "open"), ("gh-102", "not planned"), ("python/peps#4", "open")]
SEVERAL_OF_SPHINX_ISSUES = [("#101", "open"), ("#102", "not planned")]
# Where that paragraph went.
PAGES = {
    "html": "roles.html",
    "dirhtml": "roles/index.html",
    "singlehtml": "index.html",
    "epub": "roles.xhtml",
    "htmlhelp": "roles.html",
    "latex": "site.tex",
    "text": "roles.txt",
    "man": "site.1",
    "texinfo": "site.texi",
    "json": "roles.fjson",
    "xml": "roles.xml",
    "pseudoxml": "roles.pseudoxml",
}
IN_HTML = {"html", "dirhtml", "singlehtml", "epub", "json", "htmlhelp"}
MARKUP = {
    "epub": r"<[^>]+>|\[http[^\]]*\]",
    "latex": r"\\(?:sphinxhref|DUrole)\{(?:[^{}]|\{\})*\}|[{}]|\\sphinxAtStartPar",
    "man": r" \\%<[^>]*>|\\&",
    "texinfo": r"@footnote\{[^}]*\}",
}


def as_words(builder: str, page: str) -> str:
    """The text of a page, without markup and line breaks."""
    if builder == "json":
        page = json.loads(page)["body"]
    page = re.sub(MARKUP.get(builder, r"<[^>]+>"), "", page)
    for written_, meant in (
        (r"\sphinxhyphen", "-"),
        (r"\#", "#"),
        (r"\-", "-"),
        ("@@", "@"),
        ("@comma{}", ","),
    ):
        page = page.replace(written_, meant)
    words = " ".join(html.unescape(page).split())
    # In pseudo-XML, each bit of text has a line of its own.
    return re.sub(r" (?=[,.:])", "", words)


@pytest.mark.parametrize("builder", PAGES)
def test_the_state_of_each_item_can_be_read_and_so_can_the_commas_between_them(
    written: Callable[[str], Output], builder: str
) -> None:
    words = as_words(builder, written(builder).read(PAGES[builder]))
    form = "{} {}" if builder in IN_HTML else "{} ({})"
    for items in (STATES.items(), SEVERAL, SEVERAL_OF_SPHINX_ISSUES):
        assert ", ".join(form.format(*item) for item in items) + "." in words
    for text in ("Text: some text", "gh-101: An open one"):
        assert form.format(text, "open") in words
    assert "No link: gh-101 and bpo-40512." in words


@pytest.mark.parametrize("builder", PAGES)
def test_links_in_all_contexts_have_their_states(
    written: Callable[[str], Output], builder: str
) -> None:
    pages = {name: page.replace("roles", "forms") for name, page in PAGES.items()}
    words = as_words(builder, written(builder).read(pages[builder]))
    form = "{} {}" if builder in IN_HTML else "{} ({})"
    for text in ("Text 0", "text", "name0", "gh-101", "Drawn for gh-101", "About gh-101"):
        assert form.format(text, "open") in words


@pytest.mark.parametrize("builder", PAGES)
def test_what_other_extensions_make_has_its_states(
    written: Callable[[str], Output], builder: str
) -> None:
    pages = {name: page.replace("roles", "neighbors") for name, page in PAGES.items()}
    # Headings of manual pages are in upper case.
    words = as_words(builder, written(builder).read(pages[builder])).lower()
    form = "{} {}" if builder in IN_HTML else "{} ({})"
    place = "On screens" if builder in IN_HTML else "On paper"
    for text, state in {
        "Neighbors of gh-101": "open",
        "Beside an image, gh-101": "open",
        f"{place}, gh-102": "not planned",
        "Included, gh-101": "open",
        "To do, gh-103": "duplicate",
        "In a docstring, gh-107": "open",
        "In a button": "open",
        "Title of a card, gh-102": "not planned",
        "In a card, gh-104": "open",
        "In a dropdown, gh-105": "draft",
        "In a tab, gh-106": "closed",
    }.items():
        # Sphinx heads a manual page with the plain text of a heading.
        is_plain = builder == "man" and text.startswith("Neighbors")
        assert (text if is_plain else form.format(text, state)).lower() in words
    # The heading of what opens by a click is a control.
    assert form.format("opened by gh-101", "open") not in words
    assert form.format("chosen by gh-101", "open") not in words


def test_a_translator_gets_the_source_and_nothing_of_the_snapshot(
    written: Callable[[str], Output],
) -> None:
    content = written("gettext").read("*.pot")
    assert "States: :gh:`101`, :gh:`84692`" in content
    assert 'msgid "See gh-101."' in content
    assert "Alphaword" not in content


def test_linkcheck_sees_the_final_addresses(written: Callable[[str], Output]) -> None:
    lines = written("linkcheck").read("output.json").splitlines()
    asked = {json.loads(line)["uri"] for line in lines}
    assert f"{GITHUB}/issues/84692" in asked  # for bpo-40512
    assert f"{GITHUB}/commit/{SHA}" in asked
    assert f"{BPO}/issue40512#msg368157" in asked
    assert f"{BPO}/issue40601" not in asked


class Badges(HTMLParser):
    """Attributes of each badge on an HTML page, and of the link around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], dict[str, str | None]]] = []
        self._link: dict[str, str | None] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "a":
            self._link = attributes
        elif tag == "span" and "refstatus" in (attributes.get("class") or "").split():
            self.found.append((self._link, attributes))


def test_the_badge_says_state_title_and_date_to_eye_and_ear(
    written: Callable[[str], Output],
) -> None:
    found = Badges(written("html").read("roles.html")).found
    by_address = {link["href"]: (link, mark) for link, mark in found}
    link, mark = by_address[f"{GITHUB}/issues/84692"]
    description = "completed: Meta issue: per-interpreter GIL (as of 2026-11-22)"
    assert link["title"] == description
    # The words are read as a part of the link, and the tooltip after it: nothing is read twice.
    assert mark == {"class": "refstatus refstatus-completed"}
    assert by_address[f"{GITHUB}/pull/106"][1]["class"] == "refstatus refstatus-closed-unmerged"
    assert all(link["title"] for link, _ in found)


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "epub"])
def test_the_badges_come_with_their_style(written: Callable[[str], Output], builder: str) -> None:
    output = written(builder)
    assert (output.folder / "_static/refstatus.css").exists()
    assert "refstatus.css" in output.read(PAGES[builder])


def test_an_epub_can_be_built_again_in_the_same_folder(make_app: MakeApp, site: Path) -> None:
    for _ in range(2):
        app = build(make_app, site, "epub")
    assert "references.json" not in app.warning.getvalue()
    with zipfile.ZipFile(app.outdir / "Testsite.epub") as book:
        assert "roles.xhtml" in book.namelist()
        assert "references.json" not in book.namelist()


# Hostile titles ---------------------------------------------------------------------------


class Strings(HTMLParser):
    """Every text and every value of an attribute on an HTML page; no script holds a title."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        assert "onerror" not in attributes
        self.found.extend(value for value in attributes.values() if value)

    def handle_data(self, data: str) -> None:
        assert self.cdata_elem is None or START not in data
        self.found.append(data)


def strings_of_html(output: Output) -> Iterator[str]:
    for path in sorted(output.folder.rglob("*.html")):
        yield from Strings(path.read_text()).found


def strings_of_xml(output: Output) -> Iterator[str]:
    """Of files that must be well-formed; sphinx-design does not close what it writes for tabs."""
    for suffix in ("xml", "xhtml", "opf", "ncx"):
        for path in sorted(output.folder.rglob(f"*.{suffix}")):
            if path.name == "neighbors.xhtml":
                continue
            for element in ElementTree.fromstring(path.read_bytes()).iter():
                yield from (element.text or "", element.tail or "", *element.attrib.values())


def strings_of_json(output: Output) -> Iterator[str]:
    for path in sorted(output.folder.glob("*.fjson")):
        content = json.loads(path.read_text())
        yield from Strings(content.get("body", "")).found
        yield from Strings(content.get("toc", "")).found


def strings_of_text(output: Output) -> Iterator[str]:
    """Of paragraphs: a table cuts its titles over several lines."""
    for path in sorted(output.folder.glob("hostile-*.txt")):
        for block in path.read_text().split("\n\n"):
            if not block.startswith(("+", "|")):
                # What is longer than a line is cut as well.
                yield re.sub(r"(?<=x)\s+(?=x)", "", block)


# What stands for what; any other special character is alive.
LATEX = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textasciigrave{}": "`",
    r"\textquotesingle{}": "'",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\sphinxhyphen{}": "-",
    "{[}": "[",
    "{]}": "]",
    **{f"\\{special}": special for special in "$%&#_{}"},
}
TEXINFO = {
    "`@w{`}": "``",
    "'@w{'}": "''",
    "@comma{}": ",",
    **{f"@{special}": special for special in "@{}"},
}
MAN = {
    r"\e": "\\",
    "\N{FULLWIDTH REVERSE SOLIDUS}": "\\",  # in headings
    r"\-": "-",
    r"\(aq": "'",
    r"\(dq": '"',
    r"\(ga": "`",
    r"\&": "",
}


def decode(text: str, escapes: dict[str, str], specials: str) -> str:
    """The text that a reader sees; nothing in it may be special.

    :param escapes: what is written, to what is meant.
    :param specials: characters that must not stand alone.
    """

    def replace(match: re.Match[str]) -> str:
        token = match[0]
        assert token in escapes or token not in specials, f"{token!r} is alive in {text!r}"
        return escapes.get(token, token)

    tokens = "|".join(map(re.escape, sorted(escapes, key=len, reverse=True)))
    return re.sub(f"{tokens}|.", replace, text)


def strings_of_latex(output: Output) -> Iterator[str]:
    for title in find_titles(output.read("site.tex")):
        yield decode(title, LATEX, "\\$%&#_{}^~")


def strings_of_texinfo(output: Output) -> Iterator[str]:
    content = output.read("site.texi")
    commands = re.findall(r"@([a-z]+)", re.sub("@[@{}]", "", content))
    assert commands.count("bye") == 1
    assert "include" not in commands
    for line in content.splitlines():
        # Names of nodes have fewer characters.
        for title in find_titles(line) if not line.startswith(("@node", "* ")) else ():
            yield decode(title, TEXINFO, "@{}")


def strings_of_man(output: Output) -> Iterator[str]:
    for line in output.read("site.1").splitlines():
        titles = list(find_titles(line))
        if titles:
            assert not line.startswith((".", "'")) or line.startswith((".SS gh", ".B gh"))
            yield from (decode(title, MAN, "\\") for title in titles)


def find_titles(text: str) -> Iterator[str]:
    """The titles in ``text``, whatever is between their first and last words."""
    for match in re.finditer(f"{START}.*?(?:{END}|…)", " ".join(text.split())):
        yield match[0]


STRINGS = {
    "html": strings_of_html,
    "dirhtml": strings_of_html,
    "singlehtml": strings_of_html,
    "epub": strings_of_xml,
    "latex": strings_of_latex,
    "text": strings_of_text,
    "man": strings_of_man,
    "texinfo": strings_of_texinfo,
    "json": strings_of_json,
    "xml": strings_of_xml,
}


@pytest.mark.parametrize("builder", STRINGS)
def test_a_hostile_title_is_shown_as_harmless_text(
    written: Callable[[str], Output], builder: str
) -> None:
    titles = {title for text in STRINGS[builder](written(builder)) for title in find_titles(text)}
    # Code in it is code in lists and plain text in tooltips; elsewhere it is as it is.
    expected = {without_code(one_line(title)) for title in number_titles().values()}
    assert {without_code(title) for title in titles} == expected


@pytest.mark.parametrize("builder", ["html", "json"])
def test_other_tools_get_the_titles_as_readers_do(
    written: Callable[[str], Output], builder: str
) -> None:
    content = json.loads(written(builder).read("references.json"))
    titles = {item["title"] for item in content["items"] if item["title"]}
    hostile = {title for title in titles if title.startswith(START)}
    assert hostile == {one_line(title) for title in number_titles().values()}
    assert [title for title in titles if CONTROLS.search(title) or len(title) > 200] == []


CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
SUFFIXES = {"html", "xhtml", "opf", "ncx", "fjson", "tex", "txt", "1", "texi", "pot", "xml"}


@pytest.mark.parametrize("builder", BUILDERS)
def test_no_character_of_a_title_controls_a_terminal_or_the_direction_of_text(
    written: Callable[[str], Output], builder: str
) -> None:
    for path in sorted(written(builder).folder.rglob("*")):
        if path.suffix[1:] in SUFFIXES and "_static" not in path.parts:
            found = CONTROLS.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{found!r} in {path}"


def test_a_heading_of_a_manual_page_has_no_escapes(written: Callable[[str], Output]) -> None:
    # Sphinx writes the headings of pages as they are, in upper case.
    lines = written("man").read("site.1").splitlines()
    headings = [line for line in lines if line.startswith(".SH") and "ALPHAWORD" in line]
    assert len(headings) == len(number_titles())
    assert not [line for line in headings if "\\" in line]


def test_latex_gets_no_list_without_a_line(written: Callable[[str], Output]) -> None:
    content = written("latex").read("site.tex")
    assert not re.search(r"\\begin\{DUlineblock\}\{0em\}\s*\\end\{DUlineblock\}", content)


# What a link holds, and what it cannot lead to ---------------------------------------------


@pytest.mark.parametrize("builder", STRINGS)
def test_an_image_stays_alone_in_its_link(written: Callable[[str], Output], builder: str) -> None:
    images = list(resolved(written(builder).app, "holding").findall(nodes.image))
    assert len(images) >= 5
    for image in images:
        assert isinstance(image.parent, nodes.reference)
        assert image.parent.children == [image]
        assert image.parent[BADGE] in {"open", "closed"}


@pytest.mark.parametrize("builder", STRINGS)
def test_what_a_build_leaves_out_is_named_as_text(
    written: Callable[[str], Output], builder: str
) -> None:
    cited_in = [
        node
        for table in resolved(written(builder).app, "overview").findall(nodes.table)
        for node in table.findall(nodes.line)
        if node.astext().rstrip(";") == "alone"
    ]
    assert cited_in
    is_link = builder in {"html", "dirhtml", "epub", "json", "text", "man", "xml"}
    for node in cited_in:
        assert (node.next_node(nodes.reference) is not None) == is_link


# Other programs ---------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_understands_the_manual_page(written: Callable[[str], Output]) -> None:
    command = ["groff", "-man", "-t", "-Kutf8", "-Tutf8", "-wmac", "-wescape", "-wchar", "site.1"]
    done = subprocess.run(
        command, cwd=written("man").folder, capture_output=True, text=True, check=True
    )
    # That a table is wide, or that a line cannot be filled, is no matter.
    harmless = re.compile("adjust line|break line|around line|wider than")
    complaints = [line for line in done.stderr.splitlines() if not harmless.search(line)]
    assert complaints == []
    assert done.stdout.count("Omegaword") > 50


@pytest.mark.skipif(not shutil.which("makeinfo"), reason="makeinfo is not installed")
def test_makeinfo_understands_the_manual(written: Callable[[str], Output], tmp_path: Path) -> None:
    source = written("texinfo").folder / "site.texi"
    command = ["makeinfo", "--no-split", f"--output={tmp_path / 'site.info'}", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site.info").read_text().count("Omegaword") > 100


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("latexmk"), reason="latexmk is not installed")
def test_latex_makes_a_pdf(written: Callable[[str], Output], tmp_path: Path) -> None:
    folder = shutil.copytree(written("latex").folder, tmp_path / "latex")
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "site.tex"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert (folder / "site.pdf").read_bytes().startswith(b"%PDF")
