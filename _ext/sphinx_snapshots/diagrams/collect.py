"""Which diagrams each page has: noted while reading, checked in every build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sphinx.util import logging
from sphinxcontrib.mermaid import (  # type: ignore[import-untyped]  # it ships no types
    Mermaid,
    mermaid,
)

from ..kit.pages import PageDomain, add_page_domain
from .diagram import Diagram, is_fit_name
from .problems import find_problems
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from .problems import Problem

__all__ = ["DIAGRAM", "diagrams_of", "setup", "store_of", "warn"]

_logger: Final = logging.getLogger(__name__)

#: Attribute of a ``mermaid`` node that holds its `Diagram`.
DIAGRAM: Final = "diagram"


class NotedMermaid(Mermaid):  # type: ignore[misc]  # a class without types
    """The ``mermaid`` directive of sphinxcontrib-mermaid; its node also says where it stands."""

    def run(self) -> list[nodes.Node]:
        """Return what the directive makes, with a `Diagram` in each ``mermaid`` node."""
        path, line = self.state_machine.get_source_and_line(self.lineno)
        # Docutils takes the name out of the options.
        name = self.options.get("name", "").strip()
        made: list[nodes.Node] = super().run()
        for outer in made:
            for node in outer.findall(mermaid):
                node.source, node.line = path, line
                node[DIAGRAM] = Diagram(
                    name=name,
                    source=node["code"],
                    has_caption=bool(self.options.get("caption")),
                    docname=self.state.document.settings.env.current_document.docname,
                    path=path or "",
                    line=line or 0,
                )
        return made


class DiagramDomain(PageDomain):
    """Keeps which diagrams each page has."""

    name = "diagrams"
    label = "diagrams"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}}
    data_version = 1

    @property
    def pages(self) -> dict[str, tuple[Diagram, ...]]:
        """Docname to the diagrams of the page, for pages that have any."""
        pages: dict[str, tuple[Diagram, ...]] = self.data["pages"]
        return pages

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note the diagrams of a page that was read."""
        diagrams = tuple(node[DIAGRAM] for node in document.findall(mermaid) if DIAGRAM in node)
        if diagrams:
            self.pages[docname] = diagrams

    def complain(self) -> None:
        """Warn of all that is wrong with the diagrams of the site."""
        for problem in find_problems(diagrams_of(self.env), store_of(self.env)):
            warn(problem)

    def shown_on(self, docname: str) -> str:
        """What a page shows of the drawings: a changed drawing means writing it again."""
        store = store_of(self.env)
        contents = [
            (diagram.name, store.content(diagram.name))
            for diagram in self.pages.get(docname, ())
            if is_fit_name(diagram.name)
        ]
        return repr(contents) if contents else ""


def setup(app: Sphinx) -> None:
    """Register the directive, the domain and the checks."""
    app.setup_extension("sphinxcontrib.mermaid")
    app.add_directive("mermaid", NotedMermaid, override=True)
    add_page_domain(app, DiagramDomain)


def diagrams_of(env: BuildEnvironment) -> Iterator[Diagram]:
    """Yield all diagrams of the site, in the order of pages and of places in them."""
    for _, diagrams in sorted(DiagramDomain.of(env).pages.items()):
        yield from diagrams


def store_of(env: BuildEnvironment) -> Store:
    """Return the folder of drawings that the site is configured to have."""
    return Store(Path(env.srcdir, env.config.diagrams_directory))


def warn(problem: Problem) -> None:
    """Warn the author of *problem*, where it is."""
    _logger.warning(
        "%s",
        problem.message,
        type="diagrams",
        subtype=problem.kind.value,
        location=problem.location,
    )
