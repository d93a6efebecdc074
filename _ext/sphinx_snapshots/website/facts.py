"""Figures in running text that are counted, not written: ``:fact:`probes``` is their number.

The method ``facts`` of each domain says what it counts, by name. The rows of a table with
``:name: board``, its head left out, are the figure ``board``. A page is written again when one of
its figures has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from ..kit.pages import PageDomain
from .warnings import WarningType

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


class Fact(nodes.inline):
    """Stands for a figure until the page is written; attribute ``fact``."""


class FactRole(SphinxRole):
    """A figure, by its name."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = Fact(fact=self.text)
        self.set_source_info(node)
        FactDomain.of(self.env).told.setdefault(self.env.docname, set()).add(self.text)
        return [node], []


class FactDomain(PageDomain):
    """Keeps which figures each page tells, and how many rows its named tables have."""

    name = "website"
    label = "figures"
    initial_data: ClassVar[dict[str, Any]] = {"told": {}, "rows": {}}
    data_version = 2

    #: Docname to the names of the figures that the page tells.
    told: dict[str, set[str]]
    #: Docname to the name of each named table there, and the number of its rows.
    rows: dict[str, dict[str, int]]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Count the rows of the named tables of a page that was read."""
        rows = {
            name: len(list(body.findall(nodes.row)))
            for table in document.findall(nodes.table)
            for body in table.findall(nodes.tbody)
            for name in table["names"]
        }
        if rows:
            self.rows[docname] = rows

    def facts(self) -> dict[str, str]:
        """The number of rows of each named table."""
        return {name: str(number) for rows in self.rows.values() for name, number in rows.items()}

    def known(self) -> dict[str, str]:
        """All figures that the domains of this build have."""
        found: dict[str, str] = {}
        for domain in self.env.domains.sorted():
            if isinstance(domain, PageDomain):
                found.update(domain.facts())
        return found

    def shown_on(self, docname: str) -> str:
        """The figures that a page tells."""
        names = self.told.get(docname)
        if not names:
            return ""
        known = self.known()
        return repr([(name, known.get(name)) for name in sorted(names)])


class FillFacts(SphinxPostTransform):
    """Puts each figure in its place."""

    default_priority = 380

    def run(self, **kwargs: Any) -> None:
        domain = FactDomain.of(self.env)
        if not domain.told:
            return
        for node in list(self.document.findall(Fact)):
            name = node["fact"]
            figure = domain.known().get(name)
            if figure is None:
                WarningType.FACT.warn(f"nobody counts {name!r}", node)
            node.replace_self(nodes.Text(figure or name))
