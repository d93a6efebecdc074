"""Every section of the notes that states something names its evidence.

Evidence is a tracker item, a PEP, a page or a name of docs.python.org, a source file at a release
tag, a probe, or an example that the tests run. A section that needs none says why, in a comment
``.. no evidence: REASON``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from refstatus.urls import parse_url
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

FOLDERS = ("subinterpreters/", "finalization/")
#: Sections that are evidence, or lead to it, themselves.
OTHER_HEADINGS = {"Open questions", "See also", "Sources"}
#: At most so many sections may do without.
MOST_EXCEPTIONS = 6
EVIDENT_ADDRESS = re.compile(
    r"https://(?:peps\.python\.org/pep-\d{4}/|docs\.python\.org/"
    r"|github\.com/python/cpython/blob/v3\.\d+\.\d+(?:(?:a|b|rc)\d+)?/)"
)
NO_EVIDENCE = re.compile(r"no evidence: (?P<reason>\S.*)", re.DOTALL)


def own_nodes(section: nodes.section) -> Iterator[nodes.Node]:
    """All that is in a section and in none of its subsections."""
    for child in section.children:
        if not isinstance(child, nodes.section):
            yield from child.findall()


def is_evidence(node: nodes.Node) -> bool:
    if isinstance(node, nodes.reference):
        address = node.get("refuri", "")
        return parse_url(address) is not None or EVIDENT_ADDRESS.match(address) is not None
    if isinstance(node, addnodes.pending_xref):
        # Names of Python and of its C API are those of docs.python.org: the notes define none.
        return node["refdomain"] in {"c", "py"} or "intersphinx" in node
    if isinstance(node, nodes.literal_block):
        return "/examples/" in node.get("source", "").replace("\\", "/")
    return type(node).__name__ in {"Mark", "Shown", "Entry"}


def sections(site: Site) -> Iterator[tuple[str, nodes.section]]:
    """Where it is, and the section, for each that states something."""
    for docname in site.report.pages:
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
        ("https://github.com/python/cpython/issues/84692", True),
        ("https://github.com/python/cpython/blob/v3.13.0/Python/import.c", True),
        ("https://github.com/python/cpython/blob/v3.15.0rc1/Python/import.c", True),
        ("https://github.com/python/cpython/blob/main/Python/import.c", False),
        ("https://example.org/peps.python.org/pep-0684/", False),
    ],
)
def test_only_what_stays_as_it_is_counts_as_evidence(address: str, expected: bool) -> None:
    assert is_evidence(nodes.reference("", "", refuri=address)) is expected
