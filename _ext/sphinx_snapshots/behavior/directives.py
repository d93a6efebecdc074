"""The role that names a statement's probe, and the directives that show probes.

While a page is read, they only note which probe belongs where; the results are put in when the
page is written (:mod:`.tables`). The claim and the program are part of the page's source: a page
that shows them is read again when their file changes.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.parsing import nested_parse_to_nodes

from ..kit.nodes import EVIDENCE
from .domain import UNKNOWN, BehaviorDomain, Entry, Mark, Shown, Table, Traceability, probe_anchor
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils.nodes import Node, system_message

    from .model import Probe


class Unfoldable(nodes.container):
    """A program that a reader may unfold. Attribute ``label``: its file."""


def _find(name: str, asker: SphinxRole | SphinxDirective) -> Probe | None:
    """The probe with this id; if there is none, the author is warned."""
    probes = BehaviorDomain.of(asker.env).probes
    if name not in probes:
        near = get_close_matches(name, probes, n=1)
        advice = f"; did you mean {near[0]!r}?" if near else ""
        WarningType.UNKNOWN.warn(f"there is no probe {name!r}{advice}", asker.get_location())
    return probes.get(name)


def _unknown(text: str) -> nodes.literal:
    """What the page shows instead of what is not found: the text of the role or directive."""
    return nodes.literal(text, text, **{UNKNOWN: True})


class ProbeRole(SphinxRole):
    """``:probe:`fork-in-legacy```: this statement was run, there."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        probe = _find(self.text.strip(), self)
        if probe is None:
            return [_unknown(self.rawtext)], []
        return [Mark(self.rawtext, "", probe=probe.id, **{EVIDENCE: True})], []


class _ProbeDirective(SphinxDirective):
    """What the directives have in common whose content is the ids of probes."""

    has_content = True

    def probes(self) -> list[Probe]:
        """Those that are named; none if one of them is not there."""
        named = [_find(name, self) for line in self.content for name in line.split()]
        probes = [probe for probe in named if probe]
        return probes if len(probes) == len(named) else []

    def instead(self) -> list[Node]:
        """What the page shows for a directive that found nothing."""
        return [nodes.paragraph("", "", _unknown(self.block_text))]

    def claim(self, probe: Probe) -> nodes.paragraph:
        """The claim as a paragraph, of a page that is read again when the probe changes."""
        self.env.note_dependency(probe.path)
        parsed = self.parse(probe, probe.claim)
        # Anything else is a claim that starts like a list, say: its text is still a sentence.
        plain = nodes.paragraph(probe.claim, probe.claim)
        return next((node for node in parsed if isinstance(node, nodes.paragraph)), plain)

    def table(self, probes: Iterable[Probe], *, cites: bool) -> Table:
        """A table with a row for each probe; `Table` says what ``cites`` means."""
        rows = [
            Entry("", self.claim(probe), probe=probe.id, number=0, **{EVIDENCE: True})
            for probe in probes
        ]
        return Table("", *rows, cites=cites, foot=False)

    def parse(self, probe: Probe, text: str) -> list[Node]:
        """What a text of a probe's file holds."""
        lines = StringList(text.splitlines(), source=str(probe.path))
        return nested_parse_to_nodes(self.state, lines)


class ShowTable(_ProbeDirective):
    """``.. behavior-table::`` with the ids of probes: their results, series as columns."""

    def run(self) -> list[Node]:
        probes = self.probes()
        return [self.table(probes, cites=True)] if probes else self.instead()


class ShowProbes(_ProbeDirective):
    """``.. behavior-probes::`` with ids: the table of these probes, then each with its program."""

    def run(self) -> list[Node]:
        # MyST does not say where it stands.
        around = getattr(self.state, "parent", None)
        if around is not None and not isinstance(around, nodes.section | nodes.document):
            raise self.error("each probe is a section: put this where a section can stand")
        probes = self.probes()
        if not probes:
            return self.instead()
        return [self.table(probes, cites=False), *map(self._section, probes)]

    def _section(self, probe: Probe) -> nodes.section:
        """All that the page's source says of a probe; the heading says the claim."""
        title = nodes.title(probe.claim, "", *self.claim(probe).children)
        code = nodes.literal_block(probe.program, probe.program)
        code["language"] = probe.language.name.lower()
        program = Unfoldable("", code, label=f"{probe.path.parent.name}/{probe.path.name}")
        details = self.parse(probe, probe.details)
        shown = Shown("", *details, program, probe=probe.id, **{EVIDENCE: True})
        return nodes.section("", title, shown, ids=[probe_anchor(probe.id)])


class ShowTraceability(SphinxDirective):
    """``.. behavior-traceability::``: the pages, their sections, and the probes these cite."""

    def run(self) -> list[Node]:
        return [Traceability()]
