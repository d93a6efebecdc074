"""What counts as evidence in the notes, for the tests of sections and of tables.

Evidence is a tracker item, a PEP, a page or section of docs.python.org, a source file at a release
tag, a probe, or an example or session that the tests run. The name of a function is none, although
it links to docs.python.org: it says what a statement is about, not that the statement is true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx_snapshots.kit.nodes import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = re.compile(
    r"https://(?:peps\.python\.org/pep-\d{4}/|docs\.python\.org/"
    r"|github\.com/python/cpython/blob/v3\.\d+\.\d+(?:(?:a|b|rc)\d+)?/)"
)


def own_nodes(section: nodes.section) -> Iterator[nodes.Node]:
    """All that is in a section and in none of its subsections."""
    for child in section.children:
        if not isinstance(child, nodes.section):
            yield from child.findall()


def is_evidence(node: nodes.Node) -> bool:
    """Whether a node of a page, as it was read, is evidence."""
    if isinstance(node, nodes.Element) and EVIDENCE in node:
        return True
    if isinstance(node, nodes.reference):
        return _ADDRESS.match(node.get("refuri", "")) is not None
    if isinstance(node, addnodes.pending_xref):
        # The notes name pages and sections of docs.python.org with ``:external+python:``.
        return "intersphinx" in node and node["refdomain"] == "std"
    if isinstance(node, nodes.literal_block):
        is_example = "/examples/" in node.get("source", "").replace("\\", "/")
        return is_example or node.get("language") == "pycon"
    return False
