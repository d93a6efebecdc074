"""What refstatus makes of a page: which links and words it recognizes, and what each then shows.

Nearly all of it is seen in the resolved doctrees. What the formats make of them is in
``test_writers.py``, what is written again in ``test_rebuilds.py``.
"""

from __future__ import annotations

import gc
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sphinx
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
    replace_in_snapshot,
    starred,
)
from site_builds import edit, resolved
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator
from sphinx_snapshots.kit.nodes import EVIDENCE
from sphinx_snapshots.refstatus.badges import BADGE
from sphinx_snapshots.refstatus.domain import ITEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from site_builds import MakeApp
    from sphinx.testing.util import SphinxTestApp

# The title of gh-66666 in the snapshot, as a reader may see it.
HOSTILE = (
    "<script>alert(\"1\")</script> & 'quotes' `code` \\textbf{x} $y$ %z #w _v ^u ~t {s} "
    "evil line two"
)


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return copy_site(rootdir, tmp_path)


def references(app: SphinxTestApp, docname: str) -> Iterator[nodes.reference]:
    """The links to items on a page, as they are about to be written."""
    doctree = resolved(app, docname)
    return (node for node in doctree.findall(nodes.reference) if ITEM in node)


def shown(app: SphinxTestApp, docname: str) -> list[tuple[str, str, str]]:
    """Text, address and words of the badge of each link to an item on a page."""
    result = []
    for node in references(app, docname):
        words = node[BADGE]
        text = node.astext().removesuffix(f" ({words})")
        result.append((text, node["refuri"], words))
    return result


def texts(app: SphinxTestApp, docnames: Iterable[str]) -> dict[str, list[str]]:
    """Docname to the text of each link to an item on that page, without the badges."""
    return {name: [text for text, _, _ in shown(app, name)] for name in docnames}


def test_every_state_is_shown_at_the_items_own_address(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    assert shown(app, "roles") == [
        ("gh-101", f"{GITHUB}/issues/101", "open"),
        ("gh-84692", f"{GITHUB}/issues/84692", "completed"),
        ("gh-102", f"{GITHUB}/issues/102", "not planned"),
        ("gh-103", f"{GITHUB}/issues/103", "duplicate"),
        ("bpo-40601", f"{GITHUB}/issues/84781", "closed"),
        ("#104", f"{GITHUB}/pull/104", "open"),
        ("#105", f"{GITHUB}/pull/105", "draft"),
        ("#20085", f"{GITHUB}/pull/20085", "merged, reverted"),
        ("#106", f"{GITHUB}/pull/106", "closed"),
        ("@5d38517", f"{GITHUB}/commit/{SHA}", "commit"),
        ("gh-107", "https://github.com/python/peps/issues/4", "open"),
        ("gh-108", f"{GITHUB}/issues/108", "missing"),
        ("gh-109", f"{GITHUB}/issues/109", "unknown"),
        ("bpo-99999", f"{BPO}/issue99999", "unknown"),
        ("bpo-12345", f"{BPO}/issue12345", "unknown"),
        ("gh-101", f"{GITHUB}/issues/101", "open"),
        ("gh-102", f"{GITHUB}/issues/102", "not planned"),
        ("python/peps#4", "https://github.com/python/peps/issues/4", "open"),
        ("#101", f"{GITHUB}/issues/101", "open"),
        ("#102", f"{GITHUB}/issues/102", "not planned"),
        ("some text", f"{GITHUB}/issues/101", "open"),
        ("gh-101: An open one", f"{GITHUB}/issues/101", "open"),
        (f"gh-66666: {HOSTILE}", f"{GITHUB}/issues/66666", "open"),
        ("bpo-40512", f"{BPO}/issue40512#msg368157", "completed"),
        ("gh-101", f"{GITHUB}/issues/101#issuecomment-5", "open"),
        ("gh-20085", f"{GITHUB}/pull/20085", "merged, reverted"),
    ]


# Links ------------------------------------------------------------------------------------

# Address to the item that it shows.
ADDRESSES = {
    f"{BPO}/issue40512": "bpo-40512",
    "http://bugs.python.org/issue40512": "bpo-40512",
    f"{BPO}/issue?@action=redirect&bpo=40512": "bpo-40512",
    f"{BPO}/issue40512#msg368157": "bpo-40512",
    f"{GITHUB}/issues/101": "python/cpython#101",
    f"{GITHUB}/issues/101/": "python/cpython#101",
    f"{GITHUB}/issues/101#issuecomment-7": "python/cpython#101",
    "https://www.github.com/Python/CPython/issues/101": "python/cpython#101",
    f"{GITHUB}/pull/104": "python/cpython#104",
    f"{GITHUB}/pull/104/": "python/cpython#104",
    f"{GITHUB}/pull/104/files": "python/cpython#104",
    f"{GITHUB}/pull/104/commits/{SHA}": "python/cpython#104",
    f"{GITHUB}/pull/104#discussion_r5": "python/cpython#104",
    f"{GITHUB}/commit/5d38517": "python/cpython@5d38517",
    f"{GITHUB}/commit/{SHA}": f"python/cpython@{SHA}",
    "https://github.com/o/r.s_t/issues/1": "o/r.s_t#1",
}
LOOK_ALIKES = [
    "https://github.com.evil.org/python/cpython/issues/101",
    "https://github.com:443/python/cpython/issues/101",
    f"{GITHUB}/issues",
    f"{GITHUB}/issues/new",
    f"{GITHUB}/issues/12abc",
    f"{GITHUB}/issues/0",
    f"{GITHUB}/pulls/104",
    f"{GITHUB}/commit/main",
    f"{GITHUB}/commits/5d38517",
    f"{BPO}/issue",
    f"{BPO}/issue?bpo=40512",
    f"{BPO}/user40512",
    "https://example.org/#issue40512",
    "ftp://bugs.python.org/issue40512",
]


def write_links(site: Path, addresses: Iterable[str]) -> None:
    """Write one page for each way to link, with all addresses."""
    for ways, suffix in ((IN_RST, ".rst"), (IN_MARKDOWN, ".md")):
        for name, way in ways.items():
            links = [way.format(url=url, n=n) for n, url in enumerate(addresses)]
            add_pages(site, {name: "\n\n".join(links)}, suffix)


def test_a_link_to_an_item_is_known_however_it_is_written_and_leads_where_its_author_said(
    make_app: MakeApp, site: Path
) -> None:
    write_links(site, ADDRESSES)
    app = build(make_app, site, "dummy", confoverrides={"refstatus_bpo_links": "bpo"})
    assert app.warning.getvalue() == ""
    found = {
        name: {node["refuri"]: str(node[ITEM]) for node in references(app, name) if node[EVIDENCE]}
        for name in (*IN_RST, *IN_MARKDOWN)
    }
    assert found == dict.fromkeys(found, ADDRESSES)


def test_what_only_looks_like_a_link_to_an_item_is_left_alone(
    make_app: MakeApp, site: Path
) -> None:
    write_links(site, LOOK_ALIKES)
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    found = texts(app, (*IN_RST, *IN_MARKDOWN))
    assert found == {name: [] for name in found}
    doctree = app.env.get_doctree("named")
    assert [node["refuri"] for node in doctree.findall(nodes.reference)] == LOOK_ALIKES


def test_links_by_other_extensions_are_known(make_app: MakeApp, site: Path) -> None:
    add_pages(
        site,
        {
            "issues-rst": f":issue:`101` :pr:`104,105` :commit:`{SHA}` :issue:`python/peps#4` "
            ":issue:`text <102>` :user:`somebody` :pypi:`sphinx` :pep:`684`",
            "extlink-rst": ":cpython-issue:`102` :cpython-issue:`text <103>`",
        },
    )
    add_pages(site, {"issues-md": "{issue}`101` {pr}`104,105` {cpython-issue}`102`"}, ".md")
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    assert shown(app, "issues-rst") == [
        ("#101", f"{GITHUB}/issues/101", "open"),
        ("#104", f"{GITHUB}/pull/104", "open"),
        ("#105", f"{GITHUB}/pull/105", "draft"),
        ("@5d38517", f"{GITHUB}/commit/{SHA}", "commit"),
        ("python/peps#4", "https://github.com/python/peps/issues/4", "open"),
        ("text", f"{GITHUB}/issues/102", "not planned"),
    ]
    assert shown(app, "extlink-rst") == [
        ("issue 102", f"{GITHUB}/issues/102", "not planned"),
        ("text", f"{GITHUB}/issues/103", "duplicate"),
    ]
    assert texts(app, ["issues-md"]) == {"issues-md": ["#101", "#104", "#105", "issue 102"]}
    # The commas of sphinx-issues are text, which every format shows, and not raw HTML.
    for page in ("issues-rst", "issues-md"):
        doctree = app.env.get_doctree(page)
        assert not list(doctree.findall(nodes.raw))
        assert "#104, #105" in doctree.astext()


@pytest.mark.parametrize(
    ("tracker", "address"), [("github", f"{GITHUB}/issues/84692"), ("bpo", f"{BPO}/issue40512")]
)
def test_the_old_tracker_is_left_where_wanted_and_no_address_in_view_is_changed(
    make_app: MakeApp, site: Path, tracker: str, address: str
) -> None:
    old = f"{BPO}/issue40512"
    links = {
        "role": ":bpo:`40512`",
        "prose": "bpo-40512",
        "named": f"`text <{old}>`_",
        "bare": old,
        "comment": f"`text <{old}#msg1>`_",
        "not-moved": ":bpo:`99999`",
    }
    add_pages(site, links)
    app = build(make_app, site, "dummy", confoverrides={"refstatus_bpo_links": tracker})
    assert {name: shown(app, name)[0][1] for name in links} == {
        "role": address,
        "prose": address,
        "named": address,
        "bare": old,
        "comment": f"{old}#msg1",
        "not-moved": f"{BPO}/issue99999",
    }


# Words in prose ---------------------------------------------------------------------------

NOT_PROSE = {
    "literal": "``gh-101``",
    "code": ":code:`gh-101` :file:`gh-101` :samp:`gh-101` :kbd:`gh-101`",
    "code-block": ".. code-block:: none\n\n   gh-101\n\n::\n\n   gh-101",
    "parsed-literal": ".. parsed-literal:: gh-101",
    "doctest": ">>> gh-101",
    "math": ":math:`gh-101`\n\n.. math:: gh-101",
    "link": "`gh-101 <https://example.org/>`_",
    "anonymous-link": "`about gh-101 <https://example.org/>`__",
    "target": "_`gh-101`",
    "cross-reference": ".. _place:\n\nTitle\n-----\n\n:ref:`gh-101 <place>` :doc:`gh-101 <index>`",
    "term-link": ":term:`gh-101 <some term>`",
    "citation": "Cited [gh-101]_.\n\n.. [gh-101] Text.",
    "download": ":download:`gh-101 <conf.py>`",
    "command": ":program:`gh-101` :command:`gh-101` :mimetype:`gh-101` :manpage:`gh-101(1)`",
    "explicit-title": ":pep:`gh-101 <684>`",
    "no-link": ":gh:`!101`",
    "signature": ".. describe:: gh-101\n\n   Text.",
    "option": ".. option:: gh-101\n\n   Text.",
    "option-list": "-g gh-101  Text.",
    "field-name": ":gh-101: Text.",
    "comment": ".. gh-101\n\n..\n   gh-101",
    "substitution-name": "|gh-101|\n\n.. |gh-101| replace:: text",
    "index-entry": ".. index:: gh-101\n\nText.",
    "raw": ".. raw:: html\n\n   gh-101",
    "image": ".. image:: pixel.png\n   :alt: gh-101",
    "escaped-hyphen": r"gh\-101",
    "path": "docs/gh-101 gh-101/x gh-101.txt x-gh-101 @gh-101 gh-101-x",
}
NOT_MARKDOWN_PROSE = {
    "md-literal": "`gh-101`",
    "md-code-block": "```none\ngh-101\n```\n\n    gh-101",
    "md-link": "[gh-101](https://example.org/)",
    "md-link-by-reference": "[gh-101][r] [gh-101]\n\n[r]: https://example.org/\n"
    "[gh-101]: https://example.org/",
    "md-cross-reference": "[gh-101](index.rst) [about gh-101](#md-cross-reference) "
    "{doc}`gh-101 <index>`",
    "md-math": "{math}`gh-101`",
    "md-comment": "<!-- gh-101 -->\n\n% gh-101",
    "md-image": "![gh-101](pixel.png)",
    # Markdown knows no escape before a letter: the backslash is shown, and nothing is linked.
    "md-escaped": r"\gh-101",
}
# Wherever a word is a link, a backslash takes the link away.
NOT_PROSE |= {
    f"escaped-{name}": text.replace("gh-101", r"\gh-101").replace("some term", "other term")
    for name, text in PROSE.items()
}
NOT_MARKDOWN_PROSE |= {
    f"escaped-{name}": text.replace("gh-101", r"gh\-101")
    for name, text in IN_MARKDOWN_PROSE.items()
}
# What is written to what is shown, with a star at each link. A backslash speaks for its own word.
ESCAPES = {
    r"\gh-101 and gh-101": "gh-101 and *gh-101",
    r"gh-101 and \gh-101, gh\-101, gh-101": "*gh-101 and gh-101, gh-101, *gh-101",
    r"\gh-1012 and gh-101": "gh-1012 and *gh-101",
    r"gh-1012 and \gh-101": "*gh-1012 and gh-101",
    r"``\gh-1012`` and gh-101": r"\gh-1012 and *gh-101",
    r"``\gh-101`` and gh-101": r"\gh-101 and *gh-101",
    r"``gh-101`` and \gh-101": "gh-101 and gh-101",
    r"\\gh-101 and gh-101": r"\gh-101 and *gh-101",
    r"\\\gh-101 and gh-101": r"\gh-101 and *gh-101",
    r"*\gh-101*, **gh-101**, gh-101 and \gh-101": "gh-101, *gh-101, *gh-101 and gh-101",
    r"`gh-101 <https://example.org/gh-101>`_, \gh-101, gh-101": "gh-101, gh-101, *gh-101",
    r":gh:`101`, \gh-101, gh-101": "*gh-101, gh-101, *gh-101",
    r":gh:`\gh-101`, gh-101": "*gh-101, *gh-101",
    r":gh:`gh-101 <102>`, \gh-101": "*gh-101, gh-101",
    r":emphasis:`\gh-101`, gh-101": "gh-101, *gh-101",
    r":pep:`gh-101 <684>`, \gh-101, gh-101": "gh-101, gh-101, *gh-101",
    r"\GH-101, gh-101, \bpo-101, bpo-101": "GH-101, *gh-101, bpo-101, *bpo-101",
    "(\\gh-101\ngh-101)": "(gh-101\n*gh-101)",
    "|gh-101|, gh-101\n\n.. |gh-101| replace:: \\gh-101": "gh-101, *gh-101",
    "|s|, \\gh-101\n\n.. |s| replace:: gh-101": "*gh-101, gh-101",
    "|s|, gh-101\n\n.. |s| replace:: *x* \\gh-101, gh-101": "x gh-101, *gh-101, *gh-101",
}
ESCAPES_IN_MARKDOWN = {
    r"gh\-101 and gh-101": "gh-101 and *gh-101",
    r"gh\-1012 and gh-101": "gh-1012 and *gh-101",
    r"gh\-101*b*gh-101": "gh-101b*gh-101",
    r"\gh-1012 and gh-101": r"\gh-1012 and *gh-101",
    r"`gh\-101` and gh-101": r"gh\-101 and *gh-101",
    r"*gh\-101*, **gh-101**, gh-101, *gh\-101*": "gh-101, *gh-101, *gh-101, gh-101",
    r"[gh-101](https://example.org/gh-101), gh\-101, gh-101": "gh-101, gh-101, *gh-101",
    r"{gh}`101`, {pep}`684`, bpo\-7, bpo-7": "*gh-101, PEP 684, bpo-7, *bpo-7",
    r"\gh-101, gh\-101, gh-101": r"\gh-101, gh-101, *gh-101",
    # Where the source names the item in another way than the text, the backslash speaks for all.
    r"{gh}`101`, gh\-101, gh-101": "*gh-101, gh-101, gh-101",
    r"[a link](gh-101.html), gh\-101": "a link, gh-101",
}


@pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app. is deprecated")
def test_words_are_links_in_prose_only(make_app: MakeApp, site: Path) -> None:
    add_pages(site, PROSE | NOT_PROSE)
    add_pages(site, IN_MARKDOWN_PROSE | NOT_MARKDOWN_PROSE, ".md")
    app = build(make_app, site, "dummy", confoverrides={"myst_heading_anchors": 2})
    assert app.warning.getvalue() == ""
    found = {name: set(names) for name, names in texts(app, PROSE | IN_MARKDOWN_PROSE).items()}
    assert found == {name: {"gh-101"} for name in found}
    left = texts(app, NOT_PROSE | NOT_MARKDOWN_PROSE)
    assert left == {name: [] for name in left}


@pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app. is deprecated")
@pytest.mark.parametrize(
    ("escapes", "suffix"), [(ESCAPES, ".rst"), (ESCAPES_IN_MARKDOWN, ".md")], ids=["rst", "md"]
)
def test_a_backslash_speaks_for_the_word_behind_it_and_no_other(
    make_app: MakeApp, site: Path, escapes: dict[str, str], suffix: str
) -> None:
    pages = {f"escapes-{n}": written for n, written in enumerate(escapes)}
    add_pages(site, pages, suffix)
    app = build(make_app, site, "dummy")
    found = {written: starred(app, name)[0] for name, written in pages.items()}
    assert found == escapes


# Raw HTML around words, to what is shown, with a star at each link.
RAW_HTML = {
    'a <a href="x">gh-101</a> gh-102': "a gh-101 *gh-102",
    'a <a class="y" href=x/>*gh-101* and gh-102</a> b': "a gh-101 and gh-102 b",
    "<A HREF='x>'>gh-101</A> gh-102": "gh-101 *gh-102",
    "*<a href='x'>gh-101</a>* **gh-102**": "gh-101 *gh-102",
    "<code>gh-101</code> <kbd>gh-101</kbd> <samp>gh-101</samp> <tt>gh-101</tt>": (
        "gh-101 gh-101 gh-101 gh-101"
    ),
    "<kbd>a</kbd> gh-101 <kbd>b</kbd>": "a *gh-101 b",
    "<kbd><kbd>a</kbd> gh-101</kbd> gh-102": "a gh-101 *gh-102",
    "<button>gh-101</button> <label>gh-101</label>": "gh-101 gh-101",
    # None of these makes anything of a word.
    "<b>gh-101</b> <span title='<a href>'>gh-102</span>": "*gh-101 *gh-102",
    '<a name="x">gh-101</a> <a id="y"/> gh-102': "*gh-101  *gh-102",
    "</a> gh-101 <!-- <code> --> <abbr>gh-102</abbr>": " *gh-101  *gh-102",
    # One that nobody closes lasts as long as its paragraph.
    "gh-101 <code>gh-102\n\ngh-103": "*gh-101 gh-102",
    "a</code> gh-101": "a *gh-101",
}
# Where the tags are blocks of their own, to the texts of the links on the page.
RAW_BLOCKS = {
    '<a href="x">\n\ngh-101\n\n- *gh-101*\n\n</a>\n\ngh-102': ["gh-102"],
    "<details>\n<summary>\n\ngh-101\n\n</summary>\n\ngh-102\n\n</details>": ["gh-102"],
    "<script>\nif (x) '<code>'\n</script>\n\ngh-102": ["gh-102"],
    "<kbd>\n\ngh-102": ["gh-102"],
}


def in_roles(markdown: str) -> str:
    """Text with HTML in it as reStructuredText, with a role for each tag."""
    tags = re.compile(r"<!--.*?-->|</?\w+(?: \w+=(?:'[^']*'|\"[^\"]*\"|[^>]*)| ?/)*>")
    return tags.sub(lambda tag: f"\\ :rh:`{tag[0]}`\\ ", markdown)


@pytest.mark.parametrize("suffix", [".rst", ".md"])
def test_a_word_in_raw_html_is_no_link_where_the_tag_is_one_or_is_code(
    make_app: MakeApp, site: Path, suffix: str
) -> None:
    written = {text: text for text in RAW_HTML}
    if suffix == ".rst":
        role = ".. role:: rh(raw)\n   :format: html\n\n"
        written = {text: role + in_roles(text) for text in RAW_HTML if "*" not in text}
    pages = {f"raw-{n}": page for n, page in enumerate(written.values())}
    add_pages(site, pages, suffix)
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    found = {}
    for name, text in zip(pages, written, strict=True):
        document = app.env.get_doctree(name)
        for raw in list(document.findall(nodes.raw)):
            raw.parent.remove(raw)
        found[text] = starred(app, name, document)[0]
    assert found == {text: RAW_HTML[text] for text in written}


@pytest.mark.parametrize("suffix", [".rst", ".md"])
def test_a_word_between_blocks_of_raw_html_is_no_link_where_they_make_it_one(
    make_app: MakeApp, site: Path, suffix: str
) -> None:
    written = list(RAW_BLOCKS)
    if suffix == ".rst":
        blocks = re.compile(r"^(<.*(?:\n.+)*)$", re.M)
        written = [
            blocks.sub(lambda block: ".. raw:: html\n\n   " + block[0].replace("\n", "\n   "), text)
            for text in written
        ]
    pages = {f"raw-{n}": page for n, page in enumerate(written)}
    add_pages(site, pages, suffix)
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    found = texts(app, pages).values()
    assert dict(zip(RAW_BLOCKS, found, strict=True)) == RAW_BLOCKS


# What is opened or chosen by a click, which a link in it would take away.
CONTROLS = {
    "collapsible": ".. admonition:: About gh-101\n   :collapsible: closed\n\n   Body gh-102.",
    "toggled": ".. admonition:: About gh-101\n   :class: dropdown\n\n   Body gh-102.",
    "toggled-note": ".. admonition:: *About* **gh-101**\n   :class: tip toggle\n\n   Body gh-102.",
    "dropdown": ".. dropdown:: About gh-101\n\n   Body gh-102.",
    "tab": ".. tab-set::\n\n   .. tab-item:: About gh-101\n\n      Body gh-102.",
    "md-tab": ".. md-tab-set::\n\n   .. md-tab-item:: About gh-101\n\n      Body gh-102.",
    "details": ".. details:: About gh-101\n\n   Body gh-102.",
}
MARKDOWN_CONTROLS = {
    "md-collapsible": "```{admonition} About gh-101\n:collapsible: open\n\nBody gh-102.\n```",
    "md-toggled": "```{admonition} About gh-101\n:class: dropdown\n\nBody gh-102.\n```",
    "md-dropdown": "```{dropdown} About gh-101\nBody gh-102.\n```",
}
# As sphinxcontrib-details-directive and extensions of single sites have it.
DETAILS = """
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class details(nodes.General, nodes.Element):
    pass


class summary(nodes.General, nodes.TextElement):
    pass


class DetailsDirective(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        found, messages = self.state.inline_text(self.arguments[0], self.lineno)
        node = details("", summary("", "", *found))
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node, *messages]


def setup(app):
    app.add_node(details)
    app.add_node(summary)
    app.add_directive("details", DetailsDirective)
"""


def test_a_word_in_what_opens_by_a_click_is_no_link(make_app: MakeApp, site: Path) -> None:
    pages, more = dict(CONTROLS), dict(MARKDOWN_CONTROLS)
    if sphinx.version_info < (8, 2):  # knows no such option
        del pages["collapsible"], more["md-collapsible"]
    (site / "details.py").write_text(DETAILS)
    edit(
        site / "conf.py",
        '"myst_parser", ',
        '"myst_parser", "sphinx_design", "details", "sphinx_immaterial.content_tabs", ',
    )
    with (site / "conf.py").open("a") as file:
        file.write(f"import sys\nsys.path.insert(0, {os.fspath(site)!r})\n")
    add_pages(site, pages)
    add_pages(site, more, ".md")
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    found = texts(app, pages | more)
    assert found == {name: ["gh-102"] for name in found}


# Quotes and what else is made typographic, beside words that become links.
QUOTED = [
    '"gh-101", \'gh-101\', gh-101\'s, ("gh-101"), ["gh-101"], {\'gh-101\'}',
    "x-\"gh-101\"-y, said:\"gh-101\", 'gh-101'/'gh-102', \"'gh-101' and gh-102\"",
    "l'gh-101, dell'gh-102, O'gh-101, and the '90s of 'gh-102'",
    '*"gh-101"* **\'**\\ gh-101\' ``x``"gh-101" *x*"gh-101"',
    '"gh-101""gh-102" -- \'--gh-101\' ... "...gh-101" gh-101--\'gh-102\'---"gh-101"',
    r"He said \"gh-101\" and \'gh-101\', \"\\gh-101\", \"gh-101",
    '"PR 101", ("#102"), l\'#101, [\'issue #102\'], "PR\n101"',
    "A \"first\" line with 'gh-101'\nand \"\ngh-102\" in 'the' next",
]


@pytest.mark.parametrize("suffix", [".rst", ".md"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "it", "pl", "ca", "sv"])
def test_quotes_are_curled_as_if_no_word_were_a_link(
    make_app: MakeApp, site: Path, language: str, suffix: str
) -> None:
    pages = {f"quoted-{n}": text for n, text in enumerate(QUOTED)}
    pages["heading"] = '## ("gh-101")' if suffix == ".md" else '("gh-101")\n=========='
    if suffix == ".rst":
        pages["english"] = '.. rst-class:: language-en\n\n("gh-101")'
        pages["literal"] = '.. parsed-literal::\n\n   "gh-101"\n\n``("gh-101")``'
    add_pages(site, pages, suffix)
    settings: dict[str, object] = {"language": language, "refstatus_index": False}
    settings["refstatus_number_pages"] = {"quoted-*": "python/cpython"}
    app = build(make_app, site, "dummy", confoverrides=settings)
    made = {name: words_of(app, name) for name in pages}
    assert sum(len(texts(app, [name])[name]) for name in pages) > 25
    settings |= {"refstatus_recognize_text": False, "refstatus_number_pages": {}}
    app = build(make_app, site, "dummy", confoverrides=settings)
    assert made == {name: words_of(app, name) for name in pages}


def words_of(app: SphinxTestApp, docname: str) -> list[str]:
    document = app.env.get_doctree(docname)
    elements = document.findall(nodes.TextElement)
    return [node.astext() for node in elements if not isinstance(node, nodes.reference)]


def test_quotes_stay_straight_where_the_site_wants_them_so(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"straight": '("gh-101")'})
    app = build(make_app, site, "dummy", confoverrides={"smartquotes": False})
    assert starred(app, "straight") == ['("*gh-101")']


def test_words_in_prose_can_be_left_alone(make_app: MakeApp, site: Path) -> None:
    add_pages(site, PROSE)
    add_pages(site, IN_MARKDOWN_PROSE, ".md")
    app = build(make_app, site, "dummy", confoverrides={"refstatus_recognize_text": False})
    found = texts(app, PROSE | IN_MARKDOWN_PROSE)
    assert found == {name: [] for name in found}
    assert texts(app, ["links"])["links"]


def test_a_heading_that_names_an_item_keeps_its_id_and_its_plain_entry_in_contents(
    make_app: MakeApp, site: Path
) -> None:
    add_pages(site, {"heads": ".. contents::\n   :local:\n\nWhy gh-101\n----------\n\nx"})
    add_pages(site, {"heads-md": "## Why gh-101\n\nx"}, ".md")
    (site / "index.rst").write_text(
        "Index of bpo-40512\n==================\n\n.. toctree::\n\n   heads\n   heads-md\n"
    )
    app = build(make_app, site, "html")
    assert "WARNING: document isn't included in any toctree" in app.warning.getvalue()
    for page in ("heads", "heads-md"):
        section = next(app.env.get_doctree(page).findall(lambda n: "why-gh-101" in ids_of(n)))
        assert texts(app, [page])[page] == ["gh-101"]
        assert isinstance(section, nodes.section)
        assert isinstance(section[0], nodes.title)
    toctree = resolved(app, "index")
    entries = [n for n in toctree.findall(nodes.reference) if n.get("refuri", "").endswith("101")]
    assert [(n["refuri"], n.astext()) for n in entries] == [
        ("heads.html#why-gh-101", "Why gh-101"),
        ("heads-md.html#why-gh-101", "Why gh-101"),
    ]
    html = (app.outdir / "heads.html").read_text()
    assert '<a class="reference internal" href="#why-gh-101" id="id1">Why gh-101</a>' in html
    assert "<title>Index of bpo-40512 &#8212;" in (app.outdir / "index.html").read_text()


def ids_of(node: nodes.Node) -> list[str]:
    return list(node["ids"]) if isinstance(node, nodes.Element) else []


# Roles ------------------------------------------------------------------------------------

# Role and argument to text and address of each link.
ROLES = {
    ("gh", "101"): [("gh-101", f"{GITHUB}/issues/101")],
    ("gh", "#101"): [("gh-101", f"{GITHUB}/issues/101")],
    ("gh", "gh-101"): [("gh-101", f"{GITHUB}/issues/101")],
    ("gh", "101, python/peps#4,104"): [
        ("gh-101", f"{GITHUB}/issues/101"),
        ("python/peps#4", "https://github.com/python/peps/issues/4"),
        ("gh-104", f"{GITHUB}/pull/104"),
    ],
    ("gh", "text <101>"): [("text", f"{GITHUB}/issues/101")],
    ("gh", "text, more <python/peps#4>"): [
        ("text, more", "https://github.com/python/peps/issues/4")
    ],
    ("gh", "101+"): [("gh-101: An open one", f"{GITHUB}/issues/101")],
    ("gh", "text <101+>"): [("text: An open one", f"{GITHUB}/issues/101")],
    ("gh", "109+"): [("gh-109", f"{GITHUB}/issues/109")],
    ("gh", f"@{SHA}"): [("@5d38517", f"{GITHUB}/commit/{SHA}")],
    ("gh", "python/peps@1234567"): [
        ("python/peps@1234567", "https://github.com/python/peps/commit/1234567")
    ],
    ("gh", "101#issuecomment-5"): [("gh-101", f"{GITHUB}/issues/101#issuecomment-5")],
    ("gh", "!101"): [],
    ("gh", "!101, 102"): [("gh-102", f"{GITHUB}/issues/102")],
    ("bpo", "40512"): [("bpo-40512", f"{GITHUB}/issues/84692")],
    ("bpo", "bpo-40512, 99999"): [
        ("bpo-40512", f"{GITHUB}/issues/84692"),
        ("bpo-99999", f"{BPO}/issue99999"),
    ],
    ("bpo", "text <40512>"): [("text", f"{GITHUB}/issues/84692")],
    ("bpo", "40512+"): [("bpo-40512: Meta issue: per-interpreter GIL", f"{GITHUB}/issues/84692")],
    ("bpo", "40512#msg368157"): [("bpo-40512", f"{BPO}/issue40512#msg368157")],
    ("bpo", "!40512"): [],
}
BAD_ARGUMENTS = {
    "gh": [
        "oops",
        "0",
        "101,",
        "1 2",
        "text <>",
        "python#4",
        "101#a b",
        "!",
        "!!101",
        "101#issuecomment-5+",
    ],
    "bpo": ["4x", "python/cpython#4", "@5d38517", "40512#comment-5", "40512#msg368157+"],
}


@pytest.mark.parametrize(("suffix", "form"), [(".rst", ":{}:`{}`"), (".md", "{{{}}}`{}`")])
def test_both_markups_know_the_whole_grammar_of_the_roles(
    make_app: MakeApp, site: Path, suffix: str, form: str
) -> None:
    pages = {f"role-{n}": form.format(*written) for n, written in enumerate(ROLES)}
    add_pages(site, pages, suffix)
    app = build(make_app, site, "dummy")
    assert app.warning.getvalue() == ""
    found = [[link[:2] for link in shown(app, name)] for name in pages]
    assert dict(zip(ROLES, found, strict=True)) == ROLES
    several = app.env.get_doctree("role-3")
    assert "gh-101, python/peps#4, gh-104" in several.astext()
    unlinked = app.env.get_doctree("role-12")
    assert unlinked.astext().endswith("gh-101")


@pytest.mark.parametrize(("suffix", "form"), [(".rst", ":{}:`{}`"), (".md", "{{{}}}`{}`")])
def test_a_bad_argument_is_reported_where_it_stands_and_shown_as_it_was_written(
    make_app: MakeApp, site: Path, suffix: str, form: str
) -> None:
    bad = [(role, argument) for role, arguments in BAD_ARGUMENTS.items() for argument in arguments]
    lines = "\n\n".join(form.format(*written) for written in bad)
    add_pages(site, {"bad": f"Good: {form.format('gh', '101')}\n\n{lines}"}, suffix)
    first = (site / f"bad{suffix}").read_text().splitlines().index(form.format(*bad[0])) + 1
    app = build(make_app, site, "dummy", confoverrides={"show_warning_types": True})
    reports = app.warning.getvalue().splitlines()
    assert len(reports) == len(bad)
    for n, (report, (role, argument)) in enumerate(zip(reports, bad, strict=True)):
        written = re.escape(f":{role}:`{argument}`: ")
        line = first + 2 * n
        assert re.search(
            rf"bad\{suffix}:{line}: WARNING: {written}.* write a number such as .*"
            r"\[refstatus\.argument\]",
            report,
        )
    doctree = app.env.get_doctree("bad")
    literals = [node.astext() for node in doctree.findall(nodes.literal)]
    assert literals == [f":{role}:`{argument}`" for role, argument in bad]
    assert texts(app, ["bad"]) == {"bad": ["gh-101"]}


def test_a_bad_argument_fails_a_strict_build_only_at_its_end(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"bad": ":gh:`oops`"})
    app = build(make_app, site, "text", warningiserror=True)
    assert app.statuscode == 1
    assert ":gh:`oops`" in (app.outdir / "bad.txt").read_text()
    assert "gh-101 (open)" in (app.outdir / "roles.txt").read_text()


def test_a_warning_can_be_silenced_by_its_type(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"bad": ":gh:`oops`"})
    overrides = {"suppress_warnings": ["refstatus.argument"]}
    app = build(make_app, site, "dummy", confoverrides=overrides)
    assert app.warning.getvalue() == ""


def test_items_of_further_hosts_have_badges_where_conf_py_names_the_host(
    make_app: MakeApp, site: Path
) -> None:
    with (site / SNAPSHOT).open("a") as snapshot:
        for number, state in ((7, "open"), (8, "draft")):
            kind = "pull" if state == "draft" else "issue"
            key = f"git.example.org/acme/app#{number}"
            snapshot.write(f'{{"kind":"{kind}","key":"{key}","state":"{state}"}}\n')
    text = (
        ":gh:`git.example.org/Acme/App#7` :gh:`x <git.example.org/acme/app#8>` "
        "https://git.example.org/acme/app/pull/8 https://git.example.com/acme/app/issues/7"
    )
    add_pages(site, {"elsewhere": text})
    hosts = {"git.example.org": "https://git.example.org/api"}
    app = build(make_app, site, "dummy", confoverrides={"refstatus_github_hosts": hosts})
    address = "https://git.example.org/acme/app"
    assert shown(app, "elsewhere") == [
        ("git.example.org/Acme/App#7", f"{address}/issues/7", "open"),
        ("x", f"{address}/pull/8", "draft"),
        (f"{address}/pull/8", f"{address}/pull/8", "draft"),
    ]
    assert "elsewhere" not in app.warning.getvalue()
    app = build(make_app, site, "dummy")
    assert shown(app, "elsewhere") == []
    warning = "git.example.org is not known; add it to refstatus_github_hosts"
    assert app.warning.getvalue().count(warning) == 2


# Settings and the snapshot ----------------------------------------------------------------


def test_a_number_means_the_configured_repository(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"peps": ":gh:`4` :gh:`python/cpython#101` gh-4 :gh:`@1234567`"})
    app = build(make_app, site, "dummy", confoverrides={"refstatus_repository": "Python/PEPs"})
    assert [(text, uri) for text, uri, _ in shown(app, "peps")] == [
        ("gh-4", "https://github.com/python/peps/issues/4"),
        ("python/cpython#101", f"{GITHUB}/issues/101"),
        ("gh-4", "https://github.com/python/peps/issues/4"),
        ("@1234567", "https://github.com/python/peps/commit/1234567"),
    ]


def test_links_to_further_repositories_are_left_alone_unless_allowed(
    make_app: MakeApp, site: Path
) -> None:
    (site / "allowed.rst").write_text(
        ":orphan:\n\nX\n=\n\n:gh:`python/peps#4` :gh:`101` :bpo:`40512` https://github.com/o/r/pull/1\n"
    )
    names = {}
    for allowed in ([], ["Python/PEPs"], ["*"]):
        app = build(make_app, site, "dummy", confoverrides={"refstatus_repositories": allowed})
        names[str(allowed)] = [str(node[ITEM]) for node in references(app, "allowed")]
    always = ["python/cpython#101", "bpo-40512"]
    assert names == {
        "[]": always,
        "['Python/PEPs']": ["python/peps#4", *always],
        "['*']": ["python/peps#4", *always, "o/r#1"],
    }


def test_links_are_known_also_without_badges(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site, "dummy", confoverrides={"refstatus_badges": False})
    links = list(references(app, "roles"))
    assert not any(BADGE in node for node in links)
    assert links[1]["reftitle"] == "completed: Meta issue: per-interpreter GIL (as of 2026-11-22)"


def test_ordinary_states_can_do_without_badges(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"overview": ".. refstatus-list::\n   :state: completed"})
    settings = {"refstatus_quiet_states": ["completed", "merged", "commit"]}
    app = build(make_app, site, "text", confoverrides=settings)
    roles = " ".join((app.outdir / "roles.txt").read_text().split())
    assert roles.startswith(
        "Roles ***** States: gh-101 (open), gh-84692, gh-102 (not planned), gh-103 (duplicate), "
        # A change that was taken back is no ordinary one.
        "bpo-40601 (closed), #104 (open), #105 (draft), #20085 (merged, reverted), "
        "#106 (closed), @5d38517, gh-107 (open), "
    )
    # A list is there for the states.
    assert "gh-84692 (completed)" in (app.outdir / "overview.txt").read_text()


@pytest.mark.parametrize(
    ("builder", "page"), [("html", "changes.html"), ("singlehtml", "index.html")]
)
def test_whole_pages_can_do_without_badges(
    make_app: MakeApp, site: Path, builder: str, page: str
) -> None:
    add_pages(site, {"changes": "All of gh-101 and gh-102."})
    edit(site / "index.rst", "   none\n", "   none\n   changes\n")
    settings = {"refstatus_quiet_pages": ["chang*"]}
    app = build(make_app, site, builder, confoverrides=settings)
    _, changes = (app.outdir / page).read_text().split("All of ")
    assert changes.count('title="open: An open one (as of 2026-11-22)"') == 1
    assert 'class="refstatus ' not in changes
    assert 'class="refstatus ' in "".join(file.read_text() for file in app.outdir.glob("*.html"))


def test_the_snapshot_can_lie_elsewhere(make_app: MakeApp, site: Path) -> None:
    (site / SNAPSHOT).rename(site / "elsewhere.jsonl")
    app = build(make_app, site, "dummy", confoverrides={"refstatus_snapshot": "elsewhere.jsonl"})
    assert app.warning.getvalue() == ""
    assert shown(app, "roles")[1][2] == "completed"


@pytest.mark.parametrize(("age", "is_old"), [(30, False), (31, True)])
def test_the_age_of_the_snapshot_counts_in_whole_days(
    make_app: MakeApp, site: Path, age: int, is_old: bool
) -> None:
    day = datetime.now(UTC).date() - timedelta(days=age)
    replace_in_snapshot(site, '"refreshed":"2026-11-22"', f'"refreshed":"{day}"')
    overrides = {"refstatus_max_age": 30, "show_warning_types": True}
    app = build(make_app, site, "dummy", confoverrides=overrides)
    assert ("31 days old" in app.warning.getvalue()) is is_old
    assert ("[refstatus.age]" in app.warning.getvalue()) is is_old


def test_a_broken_snapshot_stops_the_build_with_file_and_line(
    make_app: MakeApp, site: Path
) -> None:
    with (site / SNAPSHOT).open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(ExtensionError, match=r"references\.jsonl:19: "):
        make_app("dummy", srcdir=site)


def test_without_a_snapshot_everything_is_unknown(make_app: MakeApp, site: Path) -> None:
    (site / SNAPSHOT).unlink()
    app = build(make_app, site, "dummy")
    # A new site has none: with -W, a warning would be the end of its first build.
    assert app.warning.getvalue() == ""
    told = app.status.getvalue()
    assert "references.jsonl does not exist, so every tracker item is shown as unknown" in told
    assert "run: refstatus refresh" in told
    assert {words for _, _, words in shown(app, "roles")} == {"unknown"}


def test_an_untidy_snapshot_is_used_with_a_warning(make_app: MakeApp, site: Path) -> None:
    with (site / SNAPSHOT).open("a") as file:
        file.write('{"kind":"issue","key":"python/cpython#101","state":"closed"}\n')
    app = build(make_app, site, "dummy")
    assert "references.jsonl:19: python/cpython#101 has an earlier record" in app.warning.getvalue()
    assert ("gh-101", f"{GITHUB}/issues/101", "closed") in shown(app, "roles")


def test_what_a_page_was_written_with_goes_with_it(make_app: MakeApp, tmp_path: Path) -> None:
    """Visitors of nodes of our own would keep it, with all its text, until circles are found."""
    (tmp_path / "conf.py").write_text(
        'extensions = ["sphinx_snapshots.refstatus"]\nrefstatus_repository = "o/r"\n'
    )
    (tmp_path / "index.rst").write_text(
        "X\n=\n\n:gh:`1`\n\n"
        ".. refstatus-summary::\n\n.. refstatus-list::\n\n.. refstatus-legend::\n"
    )
    gc.collect()
    gc.disable()
    try:
        app = build(make_app, tmp_path)
        translators = [o for o in gc.get_objects() if isinstance(o, HTML5Translator)]
    finally:
        gc.enable()
    page = (app.outdir / "index.html").read_text()
    assert page.count('class="refstatus refstatus-unknown"') == 3
    assert translators == []
