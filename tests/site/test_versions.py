"""A section names the versions that its evidence has, and forgets no newer ones.

What counts for a maintenance release or a release candidate in the prose of a section: a probe, an
example or another program of this repository that was run on it, a probe that showed something else
before it, a source file at its tag, and the record of a cited item that names it. An alpha or beta
is the first that has a change, and 3.14.0 is the series itself: items tell of both.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from docutils import nodes
from evidence import is_evidence, own_nodes
from sphinx_snapshots.behavior import snapshot
from sphinx_snapshots.behavior.domain import Entry, Mark, Table
from sphinx_snapshots.behavior.model import Version
from sphinx_snapshots.refstatus.domain import ITEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("subinterpreters/", "finalization/")
VERSION: Final = re.compile(
    r"(?<![\w.])3\.(?:[89]|[1-9]\d)\.(?:0rc\d+|[1-9]\d?(?:rc\d+)?)(?![\w+])"
)
RESULTS: Final = snapshot.read(ROOT / "_data" / "behavior.jsonl")
RUN: Final = {version.public for row in RESULTS.runs.values() for version in row}
RECORDS: Final = (ROOT / "_data" / "references.jsonl").read_text(encoding="utf-8").splitlines()
FORGOTTEN: Final = re.compile(r"\bnot tried\b|\bonly\b[^.]{0,40}\bat hand\b|\bwere not run\b")

#: Where a section names a version that nothing of this repository was run on, and why.
EXCEPTIONS: Final = {
    **dict.fromkeys(
        [
            "subinterpreters/free-threading#what-is-different-for-subinterpreters",
            "subinterpreters/limitations#at-a-glance",
            "subinterpreters/refused-modules#what-an-isolated-interpreter-refuses",
        ],
        "free-threaded builds, which the probes are not run on",
    ),
    **dict.fromkeys(
        [
            "subinterpreters/module-indexing#by-version",
            "subinterpreters/module-indexing#the-extensions-cache",
            "subinterpreters/shared-objects#by-version",
            "subinterpreters/shared-objects#interned-strings",
        ],
        "first releases of backports, which the records of the items do not have",
    ),
    "subinterpreters/per-interpreter-gil#do-they-run-in-parallel": "measured on a quiet machine",
    "subinterpreters/users#libraries": "releases of libraries, and what was recorded of 3.12.13",
    "finalization/internals#the-functions-by-version": "read in compiled functions",
}


def sections(site: Site) -> Iterator[tuple[str, nodes.section]]:
    """Each section of the notes, and where it is."""
    for docname in site.pages:
        if docname.startswith(FOLDERS):
            for section in site.doctree(docname).findall(nodes.section):
                yield f"{docname}#{section['ids'][0]}", section


def prose(section: nodes.section) -> str:
    """The text of a section without code."""
    texts = (
        node.astext()
        for node in own_nodes(section)
        if isinstance(node, nodes.Text)
        and not isinstance(node.parent, (nodes.literal_block, nodes.comment, nodes.raw))
    )
    return " ".join(" ".join(texts).split())


def backs(node: nodes.Node, version: str) -> bool:
    """Whether a part of a section is evidence for what it says of a version."""
    if not isinstance(node, nodes.Element):
        return False
    if ITEM in node:
        own = (line for line in RECORDS if f'"{node[ITEM]}"' in line)
        return any(version in VERSION.findall(line) for line in own)
    if isinstance(node, nodes.reference):
        return f"/blob/v{version}/" in node.get("refuri", "")
    if names_probe(node) and is_turn(Version(version), node["probe"]):
        return True
    return version in RUN and is_run(node)


def is_turn(version: Version, probe: str) -> bool:
    """Whether a probe showed one thing before a version, and another from it on."""
    runs = {known: run.observation for known, run in RESULTS.runs[probe].items()}
    before = [known for known in runs if known < version and not known.is_debug]
    after = [known for known in runs if known >= version and not known.is_debug]
    return bool(before and after) and runs[max(before)] != runs[min(after)]


def is_run(node: nodes.Element) -> bool:
    """Whether it names or shows a program that was run."""
    if isinstance(node, nodes.literal):
        return "/" in node.astext() and (ROOT / node.astext()).is_file()
    if isinstance(node, nodes.literal_block):
        return is_evidence(node)
    return names_probe(node)


def names_probe(node: nodes.Element) -> bool:
    """Whether it is the mark of a statement, or the row of a mark at the foot of the page."""
    is_row = isinstance(node, Entry) and isinstance(node.parent, Table) and node.parent["foot"]
    return isinstance(node, Mark) or is_row


def test_a_section_names_no_version_without_evidence(site: Site) -> None:
    found = {
        place: unknown
        for place, section in sections(site)
        if (
            unknown := sorted(
                version
                for version in set(VERSION.findall(prose(section)))
                if not any(backs(node, version) for node in own_nodes(section))
            )
        )
    }
    assert {place: found[place] for place in found.keys() - EXCEPTIONS.keys()} == {}
    assert EXCEPTIONS.keys() - found.keys() == set(), "no exceptions any more"


def test_no_section_says_that_others_were_not_run(site: Site) -> None:
    found = [
        f"{place}: {match[0]}"
        for place, section in sections(site)
        if (match := FORGOTTEN.search(prose(section)))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("on 3.12.1, 3.13.0 and (3.13.18)", ["3.12.1", "3.13.18"]),
        ("read at v3.14.7", []),
        ("since 3.14.0a1 and 3.15.0b2; 3.15.0rc1.", ["3.15.0rc1"]),
        ("up to 13.12.1 or 3.12.1+debug", []),
    ],
)
def test_what_is_a_version(text: str, versions: list[str]) -> None:
    assert VERSION.findall(text) == versions
