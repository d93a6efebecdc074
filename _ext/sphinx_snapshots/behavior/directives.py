"""The role that names a statement's probe, and the directives that show probes.

While a page is read, they only note which probe belongs where; the results are put in when the
page is written (:mod:`.tables`). The claim and the program are part of the page's source: a page
that shows them is read again when their file changes.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.parsing import nested_parse_to_nodes

from ..kit.nodes import EVIDENCE
from .domain import (
    UNKNOWN,
    BehaviorDomain,
    Entry,
    Mark,
    Shown,
    Table,
    Traceability,
    probe_anchor,
)
from .model import Language
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from docutils.nodes import Node, system_message

    from .model import Probe


_LEXERS = {Language.PYTHON: "python", Language.C: "c"}


class Unfoldable(nodes.container):
    """A program that a reader may unfold. Attributes: ``open``, ``label``."""


class ProbeRole(SphinxRole):
    """``:probe:`fork-in-legacy```: this statement was run, there."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        name = self.text.strip()
        domain = BehaviorDomain.of(self.env)
        if name not in domain.probes:
            WarningType.UNKNOWN.warn(_unknown(name, domain.probes), self.get_location())
            return [_unknown_text(self.rawtext)], []
        return [Mark(self.rawtext, "", probe=name, **{EVIDENCE: True})], []


class _ProbeDirective(SphinxDirective):
    """What the directives have in common."""

    def find(self, name: str) -> Probe | None:
        """The probe with this id; if there is none, the author is warned."""
        probes = BehaviorDomain.of(self.env).probes
        probe = probes.get(name)
        if probe is None:
            WarningType.UNKNOWN.warn(_unknown(name, probes), self.get_location())
        else:
            self.env.note_dependency(probe.path)
        return probe

    def of_subject(self, subject: str) -> list[Probe]:
        """The probes of a subject; if there are none, the author is warned."""
        domain = BehaviorDomain.of(self.env)
        found = [domain.probes[name] for name in domain.ids_of(subject)]
        for probe in found:
            self.env.note_dependency(probe.path)
        if not found:
            subjects = sorted({probe.subject for probe in domain.probes.values()})
            message = f"there are no probes of the subject {subject!r}; there are {subjects}"
            WarningType.UNKNOWN.warn(message, self.get_location())
        return found

    def instead(self) -> list[Node]:
        """What the page shows for a directive that found nothing: its own text."""
        return [nodes.paragraph("", "", _unknown_text(self.block_text))]

    def claim(self, probe: Probe) -> nodes.paragraph:
        """The claim as a paragraph."""
        parsed = self._parse(probe, probe.claim)
        # Anything else is a claim that starts like a list, say: its text is still a sentence.
        found = next((node for node in parsed if isinstance(node, nodes.paragraph)), None)
        return nodes.paragraph(probe.claim, probe.claim) if found is None else found

    def show(self, probe: Probe, *, is_open: bool) -> Shown:
        """All that the page's source says of a probe."""
        details = self._parse(probe, probe.details) if probe.details else []
        code = nodes.literal_block(probe.program, probe.program)
        code["language"] = _LEXERS[probe.language]
        label = f"{probe.path.parent.name}/{probe.path.name}"
        program = Unfoldable("", code, open=is_open, label=label)
        shown = Shown("", self.claim(probe), *details, program, probe=probe.id, **{EVIDENCE: True})
        shown["ids"] = [probe_anchor(probe.id)]
        return shown

    def table(self, probes: Iterable[Probe], subject: str = "") -> Table:
        """A table with a row for each probe.

        :param subject: that all of them are of; such a table cites nothing.
        """
        rows = [
            Entry("", self.claim(probe), probe=probe.id, cites=not subject, **{EVIDENCE: True})
            for probe in probes
        ]
        return Table("", *rows, subject=subject)

    def _parse(self, probe: Probe, text: str) -> list[Node]:
        lines = StringList(text.splitlines(), source=str(probe.path))
        return nested_parse_to_nodes(self.state, lines)


class ShowProbe(_ProbeDirective):
    """``.. behavior:: ID``: a probe with its claim, its results and its program."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"folded": directives.flag}

    def run(self) -> list[Node]:
        probe = self.find(self.arguments[0])
        if probe is None:
            return self.instead()
        return [self.show(probe, is_open="folded" not in self.options)]


class ShowTable(_ProbeDirective):
    """``.. behavior-table::`` with the ids of probes: their results, series as columns."""

    has_content = True

    def run(self) -> list[Node]:
        named = [self.find(name) for line in self.content for name in line.split()]
        probes = [probe for probe in named if probe]
        if not named or len(probes) < len(named):
            return self.instead()
        return [self.table(probes)]


class ShowSubject(_ProbeDirective):
    """``.. behavior-subject:: SUBJECT``: a table of its probes, then each with its program.

    The rows of this table cite nothing: all probes stand there, whether a statement names them
    or not.
    """

    required_arguments = 1

    def run(self) -> list[Node]:
        subject = self.arguments[0]
        probes = self.of_subject(subject)
        if not probes:
            return self.instead()
        return [
            self.table(probes, subject),
            *(self.show(probe, is_open=False) for probe in probes),
        ]


class ShowTraceability(SphinxDirective):
    """``.. behavior-traceability::``: the pages, their sections, and the probes these cite."""

    def run(self) -> list[Node]:
        return [Traceability()]


def _unknown_text(text: str) -> nodes.literal:
    return nodes.literal(text, text, **{UNKNOWN: True})


def _unknown(name: str, probes: Iterable[str]) -> str:
    near = get_close_matches(name, probes, n=1)
    advice = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no probe {name!r}{advice}"
