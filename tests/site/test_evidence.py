"""Every section of the notes that states something names its evidence.

What counts is told in ``evidence.py``. A section that needs none says why, in a comment
``.. no evidence: REASON``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from evidence import is_evidence, own_nodes
from sphinx import addnodes
from sphinx_snapshots.kit.nodes import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

FOLDERS = ("subinterpreters/", "finalization/")
#: Sections that are evidence, or lead to it, themselves.
OTHER_HEADINGS = {"Not verified", "Open questions", "See also", "Sources"}
#: At most so many sections may do without.
MOST_EXCEPTIONS = 6
NO_EVIDENCE = re.compile(r"no evidence: (?P<reason>\S.*)", re.DOTALL)


def sections(site: Site) -> Iterator[tuple[str, nodes.section]]:
    """Where it is, and the section, for each that states something."""
    for docname in site.pages:
        if docname.startswith(FOLDERS):
            for section in site.doctree(docname).findall(nodes.section):
                title = section.next_node(nodes.title)
                assert title is not None
                paragraphs = any(isinstance(node, nodes.paragraph) for node in own_nodes(section))
                if paragraphs and title.astext() not in OTHER_HEADINGS:
                    yield f"{docname}: {title.astext()}", section


def exception_of(section: nodes.section) -> str | None:
    """Why a section needs no evidence, if it says so."""
    comments = (node for node in own_nodes(section) if isinstance(node, nodes.comment))
    matches = (NO_EVIDENCE.fullmatch(comment.astext()) for comment in comments)
    return next((match["reason"] for match in matches if match), None)


def test_every_section_that_states_something_names_its_evidence(site: Site) -> None:
    found = dict(sections(site))
    assert len(found) > 60
    without = [
        place
        for place, section in found.items()
        if not any(map(is_evidence, own_nodes(section))) and exception_of(section) is None
    ]
    assert without == []


def test_few_sections_do_without_and_none_needlessly(site: Site) -> None:
    exceptions = {
        place: any(map(is_evidence, own_nodes(section)))
        for place, section in sections(site)
        if exception_of(section) is not None
    }
    assert len(exceptions) <= MOST_EXCEPTIONS, list(exceptions)
    assert [place for place, has_evidence in exceptions.items() if has_evidence] == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://peps.python.org/pep-0684/", True),
        # A link to an item counts because refstatus says so, not by its address.
        ("https://github.com/python/cpython/issues/84692", False),
        ("https://github.com/python/cpython/blob/v3.13.0/Python/import.c", True),
        ("https://github.com/python/cpython/blob/v3.15.0rc1/Python/import.c", True),
        ("https://github.com/python/cpython/blob/main/Python/import.c", False),
        ("https://example.org/peps.python.org/pep-0684/", False),
    ],
)
def test_only_what_stays_as_it_is_counts_as_evidence(address: str, expected: bool) -> None:
    assert is_evidence(nodes.reference("", "", refuri=address)) is expected


def test_what_an_extension_marks_as_evidence_counts() -> None:
    assert is_evidence(nodes.inline("", "", **{EVIDENCE: True}))
    assert is_evidence(nodes.reference("", "", refuri="x", **{EVIDENCE: True}))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"refdomain": "std", "reftype": "doc", "intersphinx": True}, True),
        ({"refdomain": "std", "reftype": "ref"}, False),
        ({"refdomain": "c", "reftype": "func"}, False),
        ({"refdomain": "py", "reftype": "func", "intersphinx": True}, False),
    ],
)
def test_a_page_of_the_documentation_counts_and_a_name_does_not(
    attributes: dict[str, object], expected: bool
) -> None:
    assert is_evidence(addnodes.pending_xref("", **attributes)) is expected
