"""What other parts of Sphinx and other extensions see of a page with badges: what authors wrote."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest
import sphinx
from docutils import nodes
from refstatus_site import BPO, GITHUB, add_pages, build, copy_site
from site_builds import edit, resolved, warnings
from sphinx.builders import Builder
from sphinx_snapshots.refstatus.badges import BADGE, BadgeWords
from sphinx_snapshots.refstatus.domain import ITEM, CitationDomain

if TYPE_CHECKING:
    from pathlib import Path

    from site_builds import MakeApp
    from sphinx.application import Sphinx

#: Builds take twice as long when they are measured; other tests cover the same lines.
pytestmark = pytest.mark.no_cover

ISSUE = f"{GITHUB}/issues/101"

# All that the directives show.
ALL = ".. refstatus-list::\n   :group: state\n\n.. refstatus-summary::\n\n.. refstatus-legend::\n"


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return copy_site(rootdir, tmp_path)


def test_headings_are_indexed_as_their_authors_wrote_them(make_app: MakeApp, site: Path) -> None:
    heading = "What gh-101 means for bpo-40512"
    add_pages(site, {"headings": f"{heading}\n{'-' * len(heading)}\n\nIt cites :gh:`102`.\n"})
    app = build(make_app, site)
    text = (app.outdir / "searchindex.js").read_text()
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert heading in index["alltitles"]
    # Neither markup nor the words of badges and of items' titles.
    page = index["docnames"].index("headings")
    for word in ("span", "aria", "role", "refstatu", "img", "open", "issue", "meta", "An"):
        for found in (index["terms"], index["titleterms"]):
            pages = found.get(word, [])
            assert page not in (pages if isinstance(pages, list) else [pages]), word


@pytest.mark.parametrize("builder", ["html", "text"])
def test_nobody_who_looks_at_a_link_takes_its_badge_for_a_part_of_its_text(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    add_pages(site, {"hard": f"`gh-101 <{ISSUE}>`__"})
    settings = {"extlinks": {"iss": (f"{GITHUB}/issues/%s", "%s")}}
    app = make_app(
        builder,
        srcdir=site,
        confoverrides={**settings, "extlinks_detect_hardcoded_links": True},
    )
    app.build()
    (advice,) = [line for line in warnings(app) if line.startswith("hard.rst")]
    assert "span" not in advice
    assert "open" not in advice


def test_each_registered_builder_is_one(make_app: MakeApp, site: Path) -> None:
    """Extensions look at the classes of all of them, before one is made."""
    app = build(make_app, site)
    for name, builder in app.registry.builders.items():
        assert issubclass(builder, Builder), name
        assert (builder.name, isinstance(builder.format, str)) == (name, True)


def test_the_text_of_a_resolved_page_is_no_markup(make_app: MakeApp, site: Path) -> None:
    app = build(make_app, site)
    for docname in app.env.all_docs:
        assert not re.search(r"<(span|svg)|refstatus-", resolved(app, docname).astext()), docname


def test_no_style_stands_in_what_we_write(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"all": ALL})
    app = build(make_app, site)
    page = (app.outdir / "all.html").read_text()
    assert all(word in page for word in ('"refstatus-bar"', "refstatus-list", "refstatus-open"))
    assert "style=" not in page.partition('role="main"')[2].partition('class="sphinxsidebar"')[0]


def late_links(app: Sphinx, doctree: nodes.document, docname: str = "") -> None:
    """Make a link to an item of each word that is said to be one later."""
    for word in list(doctree.findall(nodes.emphasis)):
        if word.astext().startswith("later "):
            number = word.astext().removeprefix("later ")
            uri = f"{GITHUB}/issues/{number}"
            word.replace_self(nodes.reference("", f"#{number}", refuri=uri, internal=False))


@pytest.mark.parametrize("event", ["doctree-read", "doctree-resolved"])
def test_links_that_other_extensions_make_late_have_badges(
    make_app: MakeApp, site: Path, event: str
) -> None:
    add_pages(site, {"late": "*later 101*"})
    app = make_app("html", srcdir=site)
    app.connect(event, late_links)
    app.build()
    assert re.search(
        r'#101 *<span class="refstatus [^>]*> open</span>', (app.outdir / "late.html").read_text()
    )
    cited = [key for _, _, key in CitationDomain.of(app.env).cited_here(["late"])]
    # What is a link when the page was read is counted.
    assert cited == (["python/cpython#101"] if event == "doctree-read" else [])


# What other extensions put straight into a cell, an item of a list or a part of their own, and
# Sphinx into the fields of a setting, writers may take for an image in a link.
BARE_TEXT = """
from docutils import nodes
from docutils.parsers.rst import Directive


class part(nodes.General, nodes.Element):
    pass


class Bare(Directive):
    def run(self):
        words = 'The "gh-101" -- and gh-102'
        row = nodes.row("", nodes.entry("", nodes.Text(words)))
        group = nodes.tgroup("", nodes.colspec(colwidth=1), nodes.tbody("", row), cols=1)
        items = nodes.bullet_list("", nodes.list_item("", nodes.Text(words)))
        paragraph = nodes.paragraph("", "", part("", nodes.Text(words)))
        return [nodes.table("", group), items, part("", nodes.Text(words)), paragraph]


def visit(self, node):
    pass


def setup(app):
    formats = ("html", "latex", "text", "man", "texinfo")
    app.add_node(part, **{name: (visit, visit) for name in formats})
    app.add_directive("bare", Bare)
"""


@pytest.mark.parametrize("builder", ["html", "epub", "latex", "text", "man", "texinfo", "xml"])
def test_a_word_is_a_link_also_where_no_text_is_expected(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    (site / "bare_text.py").write_text(BARE_TEXT)
    edit(site / "conf.py", '"myst_parser", ', '"myst_parser", "bare_text", ')
    with (site / "conf.py").open("a") as file:
        file.write(f"import sys\nsys.path.insert(0, {os.fspath(site)!r})\n")
    setting = ".. confval:: setting\n   :type: int, gh-101\n   :default: 3, see gh-102\n"
    pages = {"bare": ".. bare::", "setting": setting}
    if sphinx.version_info < (7, 4):  # has no such directive
        del pages["setting"]
    add_pages(site, pages)
    app = build(make_app, site, builder)
    assert "bare" not in "".join(warnings(app))
    for page in pages:
        document = app.env.get_doctree(page)
        links = [link for link in document.findall(nodes.reference) if ITEM in link]
        assert all(isinstance(link.parent, nodes.TextElement) for link in links)
        # The text around it stays the one child that it was; quotes are curled as in any text.
        plain = 'The "gh-101" -- and gh-102'
        is_curled = builder not in {"text", "man"}
        inner = "The \u201cgh-101\u201d \u2013 and gh-102" if is_curled else plain
        texts = {"setting": ["int, gh-101", "3, see gh-102"], "bare": [*[plain] * 3, inner]}
        found = [each.astext() for each in dict.fromkeys(link.parent for link in links)]
        assert found == texts[page]


@pytest.mark.parametrize("builder", ["html", "text", "linkcheck"])
def test_a_link_without_an_address_is_none_to_an_item(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    add_pages(site, {"nowhere": "*nowhere* but gh-101"})

    def make_links(app: Sphinx, doctree: nodes.document, docname: str = "") -> None:
        for word in list(doctree.findall(nodes.emphasis)):
            if word.astext() == "nowhere":
                # Of all things, roles for tickets do the first with what they cannot read.
                links = [
                    nodes.reference("", "to None", refuri=None),
                    nodes.reference("", "to nothing", refuri=""),
                    nodes.reference("", "to an id", refid="nowhere"),
                ]
                word.replace_self(links)

    app = make_app(builder, srcdir=site, confoverrides={"linkcheck_ignore": [".*"]})
    app.connect("doctree-read", make_links)
    app.build()
    links = list(resolved(app, "nowhere").findall(nodes.reference))
    assert [link.get("refuri") for link in links] == [None, "", None, ISSUE]
    cited = [key for _, _, key in CitationDomain.of(app.env).cited_here(["nowhere"])]
    assert cited == ["python/cpython#101"]


def test_footnotes_of_a_pdf_show_the_address_that_is_linked(make_app: MakeApp, site: Path) -> None:
    add_pages(site, {"shown": f":bpo:`40512` and :gh:`104` and `old <{BPO}/issue40512>`__"})
    settings = {
        "latex_show_urls": "footnote",
        "latex_documents": [("shown", "shown.tex", "Shown", "Nobody", "howto")],
    }
    app = build(make_app, site, "latex", confoverrides=settings)
    tex = (app.outdir / "shown.tex").read_text()
    linked = re.findall(r"\\sphinxhref\{([^}]*)\}", tex)
    footnotes = re.findall(r"\\sphinxnolinkurl\{([^}]*)\}", tex)
    assert len(footnotes) == 3
    assert set(linked) == set(footnotes) == {f"{GITHUB}/issues/84692", f"{GITHUB}/pull/104"}


@pytest.mark.parametrize("builder", ["html", "text"])
def test_what_is_shown_on_two_pages_has_one_badge(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    add_pages(site, {"todos": ".. todo:: Mend gh-101.\n\n.. todolist::\n"})
    edit(site / "conf.py", '"myst_parser", ', '"myst_parser", "sphinx.ext.todo", ')
    app = build(make_app, site, builder, confoverrides={"todo_include_todos": True})
    suffix = "html" if builder == "html" else "txt"
    page = (app.outdir / f"todos.{suffix}").read_text()
    badge = "> open</span>" if builder == "html" else "gh-101 (open)"
    assert page.count(badge) == 2
    assert "(open) (open)" not in page


# Formats without style sheets ---------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".rst", ".md"])
def test_words_stand_behind_a_link_which_holds_what_its_author_wrote(
    make_app: MakeApp, site: Path, suffix: str
) -> None:
    text = f"<{ISSUE}>, *gh-102* there" if suffix == ".md" else f"{ISSUE}, *gh-102* there"
    add_pages(site, {"behind": text}, suffix)
    app = build(make_app, site, "text")
    document = resolved(app, "behind")
    assert document.astext().endswith(f"{ISSUE}, gh-102 there")
    links = list(document.findall(nodes.reference))
    assert [link.astext() for link in links] == [ISSUE, "gh-102"]
    behind = [link.parent[link.parent.index(link) + 1] for link in links]
    assert [[str(text) for text in words.children] for words in behind] == [
        [" (open)"],
        [" (not planned)"],
    ]
    assert f"{ISSUE} (open), *gh-102 (not planned)* there" in " ".join(
        (app.outdir / "behind.txt").read_text().split()
    )


# How a page shows an address by itself: in LaTeX, a manual page, and Info.
BARE_ADDRESSES = """
See {url} there.

- {url}

.. list-table::

   * - {url}
     - x

Noted [#f]_

.. [#f] {url}

.. figure:: pixel.png

   {url}
"""


@pytest.mark.parametrize(
    ("builder", "file", "shown"),
    [
        ("latex", "site.tex", "\\sphinxurl{{{}}} (open)"),
        ("man", "site.1", "{} (open)"),
        ("texinfo", "site.texi", "@indicateurl{{{}}} (open)"),
    ],
)
def test_a_bare_address_is_shown_once_and_can_be_broken(
    make_app: MakeApp, site: Path, builder: str, file: str, shown: str
) -> None:
    (site / "index.rst").write_text(f"Index\n=====\n{BARE_ADDRESSES.format(url=ISSUE)}")
    app = build(make_app, site, builder, confoverrides={"man_show_urls": True})
    text = (app.outdir / file).read_text()
    if builder == "man":  # fonts, brackets, where a line may break, a link for the terminal
        text = re.sub(r"\\(?:f[BIRP]|[%:&]|X'[^']*')|[<>]", "", text.replace("\\-", "-"))
    assert text.count(shown.format(ISSUE)) == 5
    assert text.count("issues/101") == 5


@pytest.mark.parametrize("builder", ["texinfo", "man"])
def test_names_of_nodes_and_headings_do_not_tell_the_state(
    make_app: MakeApp, site: Path, builder: str
) -> None:
    (site / "index.rst").write_text(
        "Index\n=====\n\nAbout gh-101\n------------\n\nText.\n\n"
        "On *gh-102*, too\n~~~~~~~~~~~~~~~~\n\nText.\n\n.. toctree::\n\n   more\n"
    )
    (site / "more.rst").write_text("More of :gh:`104`\n=================\n\nText.\n")
    app = build(make_app, site, builder)
    if builder == "man":
        lines = (app.outdir / "site.1").read_text().splitlines()
        headings = {line.removeprefix(".SH ") for line in lines if line.startswith(".SH")}
        assert "ABOUT GH-101" in headings
        return
    lines = (app.outdir / "site.texi").read_text().splitlines()
    names = [line.removeprefix("@node ").partition(",")[0] for line in lines if "@node " in line]
    assert names == ["Top", "About gh-101", "On gh-102 too", "More of gh-104", "Index"]
    menus = {line.strip() for line in lines if line.startswith("* ")}
    assert menus >= {
        "* About gh-101::",
        "* On gh-102@comma{} too: On gh-102 too.",
        "* More of gh-104::",
    }
    # The heading itself does, as in every format.
    assert "@chapter About gh-101 (open)" in lines


CODE = f"""
.. parsed-literal::

   git fetch {GITHUB}/pull/104 **-f**
   git log -- *file* :gh:`101`

Marked :code-with-links:`x` there.
"""


@pytest.mark.parametrize("builder", ["html", "epub", "latex", "text", "man", "texinfo"])
def test_no_words_are_put_into_code(make_app: MakeApp, site: Path, builder: str) -> None:
    def role(*_: object, **__: object) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        link = nodes.reference("", "a link", refuri=f"{GITHUB}/pull/104")
        return [nodes.literal("", "", nodes.Text("see "), link)], []

    add_pages(site, {"code": CODE})
    app = make_app(builder, srcdir=site)
    app.add_role("code-with-links", role, override=True)
    app.build()
    document = resolved(app, "code")
    links = [link for link in document.findall(nodes.reference) if ITEM in link]
    assert len(links) == 3
    # The tooltip tells the state all the same, and lists have the items.
    assert {link["reftitle"].partition(":")[0] for link in links} == {"open"}
    assert not any(BADGE in link for link in links)
    assert not list(document.findall(BadgeWords))
    cited = [key for _, _, key in CitationDomain.of(app.env).cited_here(["code"])]
    assert cited == ["python/cpython#101", "python/cpython#104"]
    if builder == "html":
        assert 'class="refstatus ' not in (app.outdir / "code.html").read_text()


# What this build leaves out ---------------------------------------------------------------


@pytest.mark.parametrize("is_shown", [False, True])
def test_what_a_condition_or_a_todo_hides_is_not_listed(
    make_app: MakeApp, site: Path, *, is_shown: bool
) -> None:
    page = """
.. ifconfig:: not hides

   Secret
   ------

   gh-102

Open
----

.. todo::

   bpo-40512

   .. ifconfig:: no_such_name

      gh-103
"""
    add_pages(site, {"some": page, "list": ".. refstatus-list::\n   :page: some\n"})
    conf = f"""
extensions += ["sphinx.ext.ifconfig", "sphinx.ext.todo"]
todo_include_todos = {is_shown}
def setup(app):
    app.add_config_value("hides", {not is_shown}, "env")
"""
    with (site / "conf.py").open("a") as file:
        file.write(conf)
    app = build(make_app, site)
    listed = (app.outdir / "list.html").read_text()
    assert [each for each in ("gh-102", "bpo-40512", "gh-103") if each in listed] == (
        ["gh-102", "bpo-40512", "gh-103"] if is_shown else []
    )
    exported = json.loads((app.outdir / "references.json").read_bytes())["items"]
    places = [
        place["title"]
        for item in exported
        for place in item["cited_in"]
        if place["page"] == "some.html"
    ]
    assert sorted(places) == (["Open", "Open", "Secret"] if is_shown else [])


def test_only_what_this_build_shows_is_listed(make_app: MakeApp, site: Path) -> None:
    page = """
.. only:: latex

   For paper
   ---------

   It cites :gh:`102`.

Both
----

Here gh-101 is cited.

.. only:: html

   And here gh-101 again.

.. only:: latex

   And gh-103 is only there.
"""
    add_pages(site, {"some": page, "list": ".. refstatus-list::\n   :page: some\n"})
    app = build(make_app, site)
    listed = (app.outdir / "list.html").read_text()
    assert ">gh-101<" in listed
    assert "gh-102" not in listed
    assert "gh-103" not in listed
    exported = json.loads((app.outdir / "references.json").read_bytes())["items"]
    places = [
        place for item in exported for place in item["cited_in"] if place["page"] == "some.html"
    ]
    assert [place["title"] for place in places] == ["Both"]
    tex = build(
        make_app,
        site,
        "latex",
        confoverrides={"latex_documents": [("list", "list.tex", "List", "Nobody", "howto")]},
    )
    text = (tex.outdir / "list.tex").read_text()
    assert all(f"gh\\sphinxhyphen{{}}{number}" in text for number in (101, 102, 103))


def test_in_one_file_an_id_that_two_pages_share_leads_to_the_right_page(
    make_app: MakeApp, site: Path
) -> None:
    for name, number in (("one", 101), ("two", 102)):
        (site / f"{name}.rst").write_text(f"{name}\n===\n\nSame\n----\n\nIt cites gh-{number}.\n")
    (site / "index.rst").write_text(
        "Index\n=====\n\n.. refstatus-list::\n\n.. toctree::\n\n   one\n   two\n"
    )
    app = build(make_app, site, "singlehtml")
    page = (app.outdir / "index.html").read_text()
    links = dict(re.findall(r'href="(#[^"]+)">((?:one|two): Same)<', page))
    assert links == {"#same": "one: Same", "#document-two": "two: Same"}
    for link in links:
        assert f'id="{link[1:]}"' in page
