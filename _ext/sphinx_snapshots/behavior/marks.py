"""The mark behind a statement that was run, and the table at the foot of a page that it leads to.

An author names a probe wherever a statement has one. A reader sees one mark a sentence: those of a
sentence are joined when the page is written. On the page that was read they stay apart, so that
each still tells which statement is shown by what.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from docutils.parsers.rst import Parser
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import new_document

from ..kit.nodes import EVIDENCE, find_all
from ..kit.translation import _
from .domain import BehaviorDomain, Entry, Mark, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from .model import Probe

FOOT_ANCHOR: Final = "behavior-by-version"
_SCRIPT_FILE: Final = "behavior.js"
# A stop that ends a sentence, perhaps inside quotes or parentheses; "e.g." and "i.e." end none.
_SENTENCE_END: Final = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)[.!?][\"')\]\u201d\u2019]*(?:\s+|\Z)|\u3002"
)


class MarkLink(nodes.General, nodes.Inline, nodes.Element):
    """A mark in HTML: a sign that leads to the row of its probe at the foot of the page.

    Attributes: ``refuri``; ``label``, what it says aloud; ``rows``, the ids of the rows of all
    probes that it stands for; ``number``, what is printed in place of the sign.
    """


class AddFoot(SphinxTransform):
    """Numbers the marks of a page by probe, and adds the table of these probes at its foot."""

    # Before docutils' Contents (720) and smart quotes (750), which then know the section, too.
    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        marks = list(find_all(self.document, Mark))
        if not marks:
            return
        probes = list(dict.fromkeys(mark["probe"] for mark in marks))
        for mark in marks:
            mark["number"] = 1 + probes.index(mark["probe"])
        known = BehaviorDomain.of(self.env).probes
        rows = [
            Entry("", self._claim(known[name]), probe=name, number=number, **{EVIDENCE: True})
            for number, name in enumerate(probes, 1)
        ]
        title = _("Behavior by version")
        table = Table("", *rows, cites=False, foot=True)
        foot = nodes.section("", nodes.title(title, title), table, ids=[FOOT_ANCHOR])
        sections = [node for node in self.document.children if isinstance(node, nodes.section)]
        (sections[-1] if sections else self.document).append(foot)

    def _claim(self, probe: Probe) -> nodes.paragraph:
        """The claim as a paragraph; the domain has the page read again if it is another one."""
        parsed = new_document(str(probe.path), self.document.settings)
        Parser().parse(probe.claim, parsed)
        plain = nodes.paragraph(probe.claim, probe.claim)
        claim = next((node for node in parsed if isinstance(node, nodes.paragraph)), plain)
        for node in claim.findall():
            # Else the page would keep, and write with itself, the settings of the other document:
            # all that Sphinx knows of the site.
            node.document = self.document
        return claim


def join_marks(document: nodes.document) -> Iterator[list[Mark]]:
    """The marks of each sentence of a page; all but the last of each are taken out of the page."""
    parents = dict.fromkeys(mark.parent for mark in find_all(document, Mark))
    for parent in parents:
        for group in list(_by_sentence(parent)):
            for mark in group[:-1]:
                strip_space_before(mark)
                parent.remove(mark)
            yield group


def _by_sentence(parent: nodes.Element) -> Iterator[list[Mark]]:
    group: list[Mark] = []
    between = ""
    is_ended = False  # whether the last mark stands behind the stop of its sentence
    for child in parent.children:
        if not isinstance(child, Mark):
            # Code has stops of its own.
            between += "x" if isinstance(child, nodes.literal) else child.astext()
            continue
        ends = [end.end() for end in _SENTENCE_END.finditer(between)]
        is_behind = ends[-1:] == [len(between)]
        is_new = bool(between.strip()) if is_ended else bool(ends[: -1 if is_behind else None])
        if group and is_new:
            yield group
            group = []
        is_ended = is_behind or (is_ended and not between.strip())
        group.append(child)
        between = ""
    if group:
        yield group


def strip_space_before(node: nodes.Element) -> None:
    """Take away the white space between the text before a node and the node."""
    before = node.previous_sibling()
    if isinstance(before, nodes.Text):
        assert node.parent is not None
        node.parent.replace(before, nodes.Text(before.rstrip()))


def visit_mark(translator: HTML5Translator, node: MarkLink) -> None:
    """Write the whole mark: the style sheet shows a sign on a screen, and the number in print."""
    address, label = map(translator.attval, (node["refuri"], node["label"]))
    translator.body.append(
        f'<a class="behavior-mark" href="{address}" aria-label="{label}" '
        f'data-rows="{" ".join(node["rows"])}"><span>[{node["number"]}]</span></a>'
    )
    raise nodes.SkipNode


def add_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, object],
    doctree: nodes.document | None,
) -> None:
    """Load the script that shows a row beside its mark, on the pages that have marks."""
    if doctree and any(find_all(doctree, MarkLink)):
        app.add_js_file(_SCRIPT_FILE, loading_method="defer")
