"""What sites unlike this one have: other roles, names, files, scripts and languages."""

from __future__ import annotations

import codecs
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from refstatus_site import GITHUB, add_pages, build, starred
from site_builds import edit, warnings
from sphinx_snapshots.refstatus.domain import ITEM
from sphinx_snapshots.refstatus.model import one_line
from sphinx_snapshots.refstatus.snapshot import parse
from sphinx_snapshots.refstatus.urls import parse_url

if TYPE_CHECKING:
    from site_builds import MakeApp

HEADER = '{"kind":"header","format":1,"refreshed":"2026-11-22","source":"made for a test"}\n'
BARE = 'project = copyright = "Other"\nextensions = ["sphinx_snapshots.refstatus"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that has said nothing but that it wants the extension."""
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data/references.jsonl").write_text(
        HEADER + '{"kind":"issue","key":"octocat_acme/tools#3","state":"open"}\n'
        '{"kind":"issue","key":"pycqa/isort#5","state":"open"}\n'
        '{"kind":"issue","key":"python/cpython#101","state":"open"}\n'
        '{"kind":"issue","key":"python/cpython#102","state":"closed"}\n'
    )
    (tmp_path / "conf.py").write_text(BARE)
    (tmp_path / "index.rst").write_text("Index\n=====\n")
    return tmp_path


def page(make_app: MakeApp, site: Path, text: str, settings: str = "") -> tuple[str, list[str]]:
    """A page as plain text, and what the author was warned of."""
    with (site / "conf.py").open("a") as file:
        file.write(settings)
    add_pages(site, {"page": text})
    app = build(make_app, site, "text")
    return (app.outdir / "page.txt").read_text(), warnings(app)


# Roles and repositories ---------------------------------------------------------------------


@pytest.mark.parametrize("before", [True, False])
def test_a_role_that_a_site_has_already_stands_and_its_links_have_badges(
    make_app: MakeApp, site: Path, *, before: bool
) -> None:
    names = ["sphinx.ext.extlinks", "sphinx_snapshots.refstatus"]
    names = names if before else names[::-1]
    edit(site / "conf.py", '["sphinx_snapshots.refstatus"]', repr(names))
    links = f"extlinks = {{'gh': ('{GITHUB}/issues/%s', 'issue %s')}}\n"
    text, warned = page(make_app, site, ":gh:`101` and :bpo:`5`", links)
    assert "issue 101 (open) and bpo-5 (unknown)" in text
    assert warned == []


def test_a_role_that_another_extension_registered_stands(make_app: MakeApp, site: Path) -> None:
    role = """
from docutils import nodes

def gh(name, rawtext, text, lineno, inliner, options=None, content=()):
    uri = f"https://github.com/PyCQA/isort/issues/{text}"
    return [nodes.reference("", f"ours {text}", refuri=uri)], []

def setup(app):
    app.add_role("gh", gh)
"""
    text, warned = page(make_app, site, ":gh:`5`", role)
    assert "ours 5 (open)" in text
    assert warned == []


def test_a_site_names_the_roles_itself(make_app: MakeApp, site: Path) -> None:
    # One that makes plain text, and one whose addresses are not those of a tracker.
    settings = """
from docutils import nodes

def issue(name, rawtext, text, lineno, inliner, options=None, content=()):
    return [nodes.inline("", f"plain {text}")], []

def setup(app):
    app.add_role("issue", issue)

extensions.append("sphinx.ext.extlinks")
extlinks = {"pull": ("https://example.org/redirect?pull=%s", "elsewhere %s")}
refstatus_repository = "python/cpython"
refstatus_roles = {"issue": "gh", "pull": "gh", "old": "bpo"}
"""
    text, warned = page(make_app, site, ":issue:`101`, :pull:`102` and :old:`5`", settings)
    assert "gh-101 (open), gh-102 (closed) and bpo-5 (unknown)" in text
    assert warned == []


def test_a_site_may_want_no_roles(make_app: MakeApp, site: Path) -> None:
    _, warned = page(make_app, site, ":gh:`python/cpython#101`", "refstatus_roles = {}\n")
    assert 'Unknown interpreted text role "gh"' in warned[0]


def test_without_a_repository_a_number_is_nobodys(make_app: MakeApp, site: Path) -> None:
    text, warned = page(make_app, site, "Plain gh-101, bpo-5, and :gh:`python/cpython#101`.")
    assert "Plain gh-101, bpo-5 (unknown), and python/cpython#101 (open)." in text
    assert warned == []


def test_a_role_with_a_number_of_nobody_says_what_to_set(make_app: MakeApp, site: Path) -> None:
    _, (warned,) = page(make_app, site, ":gh:`101`")
    assert "set refstatus_repository in conf.py, or write owner/name#number" in warned


def test_on_the_pages_that_a_site_names_bare_numbers_are_items(
    make_app: MakeApp, site: Path
) -> None:
    words = "#101, PR 102, issue #101, pull request 102; not &#101, a#101, ##101, #0, ``#101``."
    settings = 'refstatus_number_pages = {"pa*": "python/cpython", "*": "o/r"}\n'
    add_pages(site, {"elsewhere": "#7"})
    text, warned = page(make_app, site, words, settings)
    assert (
        "#101 (open), PR 102 (closed), issue #101 (open), pull request 102 (closed); "
        'not &#101, a#101, ##101, #0, "#101".'
    ) in " ".join(text.split())
    assert warned == []
    ranges = "#101--#102, #101-#102 and PR 101--102"
    edit(site / "page.rst", words, ranges)
    build(make_app, site, "text")
    assert " ".join((site / "_build/text/page.txt").read_text().split()).endswith(
        "#101 (open)--#102 (closed), #101 (open)-#102 (closed) and PR 101 (open)--102 (closed)"
    )
    elsewhere = build(make_app, site, "text").outdir / "elsewhere.txt"
    assert "#7 (unknown)" in elsewhere.read_text()


# What is between the words and the number, or in them, and what is shown there.
SPLIT_NAMES = {
    "See PR\n101 and pull\nrequest\n#102 there.": "See *PR 101 and *pull request #102 there.",
    "See issue\N{NO-BREAK SPACE}101 and\nPR 102.": "See *issue 101 and *PR 102.",
    "A line\nwith\n#101\nand 102\nin it.": "A line with *#101 and 102 in it.",
    "Not PR\n\n101": "Not PR",
    "Not *PR*\n101": "Not PR 101",
}
SPLIT_IN_RST = {
    "|pr| 101, PR |nbsp| 102\n\n.. |pr| replace:: PR\n.. |nbsp| unicode:: 0xA0\n   :trim:\n": (
        "*PR 101, *PR 102"
    ),
    "PR\n\\101, PR 102": "PR 101, *PR 102",
}
SPLIT_IN_MARKDOWN = {
    "PR&nbsp;101": "*PR 101",
    "> See PR\n> 101, issue\n> 102": "See *PR 101, *issue 102",
    "- See PR\n  101 and `PR\n  102`": "See *PR 101 and PR 102",
    'PR\n101 <a href="x">PR\n102</a>': "*PR 101 PR 102",
    # A line that must end there is no space.
    "PR  \n101, PR\\\n#101": "PR<br />\n101, PR<br />\n*#101",
}


@pytest.mark.parametrize(
    ("written", "suffix"),
    [(SPLIT_NAMES | SPLIT_IN_RST, ".rst"), (SPLIT_NAMES | SPLIT_IN_MARKDOWN, ".md")],
    ids=["rst", "md"],
)
def test_the_name_of_an_item_may_be_parted_by_a_line_or_a_space_that_stays(
    make_app: MakeApp, site: Path, written: dict[str, str], suffix: str
) -> None:
    edit(site / "conf.py", '["sphinx_snapshots', '["myst_parser", "sphinx_snapshots')
    pages = {f"page-{n}": text for n, text in enumerate(written)}
    add_pages(site, pages, suffix)
    settings = {"refstatus_number_pages": {"*": "python/cpython"}}
    app = build(make_app, site, "dummy", confoverrides=settings)
    assert warnings(app) == []
    found = [starred(app, name)[0] for name in pages]
    found = [re.sub("</?a.*?>", "", text) for text in found]
    spaces = re.compile("[\n\N{NO-BREAK SPACE}]")
    shown = [spaces.sub(" ", text.replace("\\\\\n", "")) for text in found]
    expected = [text.replace("\n", " ") for text in written.values()]
    assert dict(zip(written, shown, strict=True)) == dict(zip(written, expected, strict=True))


# On pages of numbers, what is written to what is shown, with a star at each link.
NUMBER_ESCAPES = {
    r"Step \#101 and #102": "Step #101 and *#102",
    r"PR \#101, PR #101 and issue #102": "PR #101, *PR #101 and *issue #102",
    r"#101, \#101, *\#101*, **#101**": "*#101, #101, #101, *#101",
    r"\#101--#102, \#101, #101": "#101--*#102, #101, *#101",
    "PR\n\\#101, PR\n#101": "PR #101, *PR #101",
    r"gh\-101, #101, \#101, gh-101": "gh-101, *#101, #101, *gh-101",
    r"``\#101`` and #101": r"\#101 and *#101",
}
NUMBER_ESCAPES_IN_MARKDOWN = {
    r"# A heading of \#101, #102": "A heading of #101, *#102",
    r"#101/\#102": "*#101/#102",
    r"[#101](https://example.org/), \#101, #102": "#101, #101, *#102",
    # In Markdown a backslash before a letter or a digit is shown.
    r"PR \101, \PR 102, #101": r"PR \101, \PR 102, *#101",
}


@pytest.mark.parametrize(
    ("written", "suffix"),
    [(NUMBER_ESCAPES, ".rst"), (NUMBER_ESCAPES | NUMBER_ESCAPES_IN_MARKDOWN, ".md")],
    ids=["rst", "md"],
)
@pytest.mark.parametrize("recognizes", [True, False])
def test_a_backslash_speaks_for_the_number_behind_it(
    make_app: MakeApp, site: Path, written: dict[str, str], suffix: str, *, recognizes: bool
) -> None:
    edit(site / "conf.py", '["sphinx_snapshots', '["myst_parser", "sphinx_snapshots')
    pages = {f"page-{n}": text for n, text in enumerate(written)}
    add_pages(site, pages, suffix)
    settings = {
        "refstatus_number_pages": {"*": "python/cpython"},
        "refstatus_repository": "python/cpython",
        "refstatus_recognize_text": recognizes,
        "smartquotes": False,
    }
    app = build(make_app, site, "dummy", confoverrides=settings)
    expected = [
        (text if recognizes else text.replace("*gh", "gh")).lstrip() for text in written.values()
    ]
    found: list[nodes.Element] = []
    for name in pages:
        document = app.env.get_doctree(name)
        headings = list(document.findall(nodes.title))[1:]
        found += headings or list(document.findall(nodes.paragraph))[:1]
    for node in found:
        for link in list(node.findall(nodes.reference)):
            if ITEM in link:
                link.insert(0, nodes.Text("*"))
    shown = [node.astext().replace("\n", " ") for node in found]
    assert dict(zip(written, shown, strict=True)) == dict(zip(written, expected, strict=True))


def test_a_backslash_of_a_translator_speaks_for_a_number(make_app: MakeApp, site: Path) -> None:
    edit(site / "conf.py", '["sphinx_snapshots', '["myst_parser", "sphinx_snapshots')
    add_pages(site, {"page": "See #101 there."}, ".md")
    catalog = site / "locale/de/LC_MESSAGES/page.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "See #101 there."\nmsgstr "Schritt \\\\#101, PR\\n\\\\#102 und #102."\n'
    )
    settings = {
        "refstatus_number_pages": {"*": "python/cpython"},
        "language": "de",
        "locale_dirs": ["locale"],
    }
    app = build(make_app, site, "dummy", confoverrides=settings)
    assert starred(app, "page") == ["Schritt #101, PR\n#102 und *#102."]


def test_no_control_is_turned_into_a_link(make_app: MakeApp, site: Path) -> None:
    names = ["sphinx_design", "sphinx_snapshots.refstatus"]
    edit(site / "conf.py", '["sphinx_snapshots.refstatus"]', repr(names))
    text = """
.. dropdown:: What gh-101 says

   Inside gh-101.

.. tab-set::

   .. tab-item:: On gh-102

      Inside gh-102.
"""
    add_pages(site, {"page": text})
    with (site / "conf.py").open("a") as file:
        file.write('refstatus_repository = "python/cpython"\n')
    page = (build(make_app, site).outdir / "page.html").read_text()
    assert page.count('class="refstatus ') == 2
    assert "What gh-101 says" in page
    assert "On gh-102" in page


def test_nothing_of_ours_counts_among_the_children_of_a_section(
    make_app: MakeApp, site: Path
) -> None:
    # As docutils' Contents (720) and others do that go by position: those of the PEPs, say.
    transform = """
from docutils import nodes
from docutils.transforms import Transform

class Count(Transform):
    default_priority = 720

    def apply(self):
        for section in self.document.findall(nodes.section):
            self.document.reporter.warning(",".join(child.tagname for child in section))

def setup(app):
    app.add_transform(Count)

refstatus_index = True
"""
    _, warned = page(make_app, site, "gh-101, and :gh:`python/cpython#101`.", transform)
    told = {line.partition("WARNING: ")[2].partition(" [")[0] for line in warned}
    assert told == {"title", "title,paragraph"}


# Spelling -----------------------------------------------------------------------------------


def test_readers_see_a_repository_as_its_author_spelt_it(make_app: MakeApp, site: Path) -> None:
    text, _ = page(make_app, site, ":gh:`PyCQA/isort#5`")
    assert "PyCQA/isort#5 (open)" in text


def test_a_managed_user_may_own_a_repository(make_app: MakeApp, site: Path) -> None:
    address = "https://github.com/octocat_acme/tools/issues/3"
    assert parse_url(address) is not None
    settings = 'refstatus_repository = "octocat_acme/tools"\n'
    text, warned = page(make_app, site, f":gh:`3` and `x <{address}>`__ and gh-3.", settings)
    assert text.count("(open)") == 3
    assert warned == []


@pytest.mark.parametrize(
    "title",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbsct") + "\U000e007f",  # Scotland
    ],
)
def test_what_words_and_emoji_are_spelt_with_stays_in_a_title(title: str) -> None:
    assert one_line(title) == title


def test_a_dash_of_two_hyphens_stands_between_two_items(make_app: MakeApp, site: Path) -> None:
    settings = 'refstatus_repository = "python/cpython"\n'
    text, _ = page(make_app, site, "From gh-101--gh-102, not --gh-101 or a-gh-101.", settings)
    assert "gh-101 (open)" in text
    assert "gh-102 (closed)" in text
    assert text.count("(") == 2


def test_words_in_the_table_of_autosummary_are_links(make_app: MakeApp, site: Path) -> None:
    (site / "summed.py").write_text('def act():\n    """Act as gh-101 wants."""\n')
    names = ["sphinx.ext.autosummary", "sphinx_snapshots.refstatus"]
    edit(site / "conf.py", '["sphinx_snapshots.refstatus"]', repr(names))
    settings = (
        f'refstatus_repository = "python/cpython"\nimport sys\nsys.path.insert(0, {str(site)!r})\n'
    )
    text, warned = page(make_app, site, ".. autosummary::\n\n   summed.act\n", settings)
    assert "gh-101 (open)" in text
    assert warned == []


@pytest.mark.parametrize("suffix", [".rst", ".md"])
def test_a_translated_text_is_judged_by_itself(make_app: MakeApp, site: Path, suffix: str) -> None:
    edit(site / "conf.py", '["sphinx_s', '["myst_parser", "sphinx_s')
    with (site / "conf.py").open("a") as file:
        file.write('refstatus_repository = "python/cpython"\nlanguage = "de"\n')
        file.write('locale_dirs = ["locale"]\n')
    add_pages(site, {"page": "Escaped gh\\-101 here.\n\nA link: gh-102."}, suffix)
    catalog = site / "locale/de/LC_MESSAGES/page.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

msgid "Escaped gh\\-101 here."
msgstr "Ein Link: gh-101."

msgid "A link: gh-102."
msgstr "Maskiert: gh\\-102."
"""
    )
    page = (build(make_app, site).outdir / "page.html").read_text()
    assert f'href="{GITHUB}/issues/101"' in page
    assert "Maskiert: gh-102." in page


# Files and addresses ------------------------------------------------------------------------


def test_a_snapshot_may_begin_with_a_byte_order_mark() -> None:
    assert parse(codecs.BOM_UTF8 + HEADER.encode(), "x").remarks == ()


def test_a_path_may_be_a_path(make_app: MakeApp, site: Path) -> None:
    settings = 'from pathlib import Path\nrefstatus_snapshot = Path("_data", "references.jsonl")\n'
    text, warned = page(make_app, site, ":gh:`python/cpython#101`", settings)
    assert "(open)" in text
    assert warned == []


@pytest.mark.parametrize(
    "address",
    [
        "https://bugs.python.org/issue?@action=redirect&bpo=40512",
        "http://bugs.python.org/issue40512",
        "http://www.github.com/o/r/issues/7/",
    ],
)
def test_an_address_that_no_record_sends_elsewhere_stays(
    make_app: MakeApp, site: Path, address: str
) -> None:
    add_pages(site, {"page": f"`x <{address}>`__"})
    page = html.unescape((build(make_app, site).outdir / "page.html").read_text())
    assert f'href="{address}"' in page
