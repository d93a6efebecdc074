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
from .domain import UNKNOWN, BehaviorDomain, Entry, Mark, Shown, Table, Traceability, probe_anchor
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docutils.nodes import Node, system_message

    from .model import Probe


class Unfoldable(nodes.container):
    """A program that a reader may unfold. Attributes: ``open``, ``label``."""


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
    """What the directives have in common."""

    def instead(self) -> list[Node]:
        """What the page shows for a directive that found nothing."""
        return [nodes.paragraph("", "", _unknown(self.block_text))]

    def claim(self, probe: Probe) -> nodes.paragraph:
        """The claim as a paragraph, of a page that is read again when the probe changes."""
        self.env.note_dependency(probe.path)
        parsed = self._parse(probe, probe.claim)
        # Anything else is a claim that starts like a list, say: its text is still a sentence.
        plain = nodes.paragraph(probe.claim, probe.claim)
        return next((node for node in parsed if isinstance(node, nodes.paragraph)), plain)

    def show(self, probe: Probe, *, is_open: bool, headed: bool = False) -> Shown:
        """All that the page's source says of a probe; ``headed``: a heading says the claim."""
        code = nodes.literal_block(probe.program, probe.program)
        code["language"] = probe.language.name.lower()
        label = f"{probe.path.parent.name}/{probe.path.name}"
        program = Unfoldable("", code, open=is_open, label=label)
        parts = [self.claim(probe), *self._parse(probe, probe.details), program]
        ids = [] if headed else [probe_anchor(probe.id)]
        return Shown("", *parts, ids=ids, probe=probe.id, headed=headed, **{EVIDENCE: True})

    def show_all(self, probes: Iterable[Probe]) -> Iterator[Node]:
        """Each probe with its program folded: a section, where one can stand here."""
        takes_sections = isinstance(
            getattr(self.state, "parent", None), (nodes.section, nodes.document)
        )
        for probe in probes:
            shown = self.show(probe, is_open=False, headed=takes_sections)
            if takes_sections:
                title = nodes.title(probe.claim, "", *self.claim(probe).children)
                yield nodes.section("", title, shown, ids=[probe_anchor(probe.id)])
            else:
                yield shown

    def table(self, probes: Iterable[Probe], subject: str = "", *, is_list: bool = False) -> Table:
        """A table with a row for each probe.

        :param subject: the one whose probes they are, all of them; or empty.
        :param is_list: whether the page shows these probes, so that the table cites nothing.
        """
        rows = [
            Entry("", self.claim(probe), probe=probe.id, number=0, **{EVIDENCE: True})
            for probe in probes
        ]
        return Table("", *rows, subject=subject, cites=not subject and not is_list, foot=False)

    def _parse(self, probe: Probe, text: str) -> list[Node]:
        lines = StringList(text.splitlines(), source=str(probe.path))
        return nested_parse_to_nodes(self.state, lines)


class ShowProbe(_ProbeDirective):
    """``.. behavior:: ID``: a probe with its claim, its results and its program."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"folded": directives.flag}

    def run(self) -> list[Node]:
        probe = _find(self.arguments[0], self)
        if probe is None:
            return self.instead()
        return [self.show(probe, is_open="folded" not in self.options)]


class _ListDirective(_ProbeDirective):
    """What directives have in common whose content is the ids of probes."""

    has_content = True

    def probes(self) -> list[Probe]:
        """Those that are named; none if one of them is not there."""
        named = [_find(name, self) for line in self.content for name in line.split()]
        probes = [probe for probe in named if probe]
        return probes if len(probes) == len(named) else []


class ShowTable(_ListDirective):
    """``.. behavior-table::`` with the ids of probes: their results, series as columns."""

    def run(self) -> list[Node]:
        probes = self.probes()
        return [self.table(probes)] if probes else self.instead()


class ShowProbes(_ListDirective):
    """``.. behavior-probes::`` with ids: the table of these probes, then each with its program."""

    def run(self) -> list[Node]:
        probes = self.probes()
        if not probes:
            return self.instead()
        # The page shows them: its table cites nothing.
        return [self.table(probes, is_list=True), *self.show_all(probes)]


class ShowSubject(_ProbeDirective):
    """``.. behavior-subject:: SUBJECT``: a table of its probes, then each with its program."""

    required_arguments = 1

    def run(self) -> list[Node]:
        subject = self.arguments[0]
        domain = BehaviorDomain.of(self.env)
        probes = [domain.probes[name] for name in domain.ids_of(subject)]
        if not probes:
            subjects = sorted({probe.subject for probe in domain.probes.values()})
            message = f"there are no probes of the subject {subject!r}; there are {subjects}"
            WarningType.UNKNOWN.warn(message, self.get_location())
            return self.instead()
        return [self.table(probes, subject), *self.show_all(probes)]


class ShowTraceability(SphinxDirective):
    """``.. behavior-traceability::``: the pages, their sections, and the probes these cite."""

    def run(self) -> list[Node]:
        return [Traceability()]
