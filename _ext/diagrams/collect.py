"""Which diagrams each page has: noted while reading, checked in every build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from page_domain import PageDomain, add_page_domain
from rewrites import rewrite_when_changed
from sphinx.util import logging
from sphinxcontrib.mermaid import (  # type: ignore[import-untyped]  # it ships no types
    Mermaid,
    mermaid,
)

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


def setup(app: Sphinx) -> None:
    """Register the directive, the domain and the checks."""
    app.setup_extension("sphinxcontrib.mermaid")
    app.add_directive("mermaid", NotedMermaid, override=True)
    add_page_domain(app, DiagramDomain)
    app.connect("env-updated", check)
    rewrite_when_changed(app, "diagrams", fingerprint)


def diagrams_of(env: BuildEnvironment) -> Iterator[Diagram]:
    """Yield all diagrams of the site, in the order of pages and of places in them."""
    for _, diagrams in sorted(DiagramDomain.of(env).pages.items()):
        yield from diagrams


def store_of(env: BuildEnvironment) -> Store:
    """Return the folder of drawings that the site is configured to have."""
    return Store(Path(env.srcdir, env.config.diagrams_directory))


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of all that is wrong: in every build, not only in one that reads or writes the page."""
    for problem in find_problems(diagrams_of(env), store_of(env)):
        warn(problem)


def warn(problem: Problem) -> None:
    """Warn the author of *problem*, where it is."""
    _logger.warning(
        "%s",
        problem.message,
        type="diagrams",
        subtype=problem.kind.value,
        location=problem.location,
    )


def fingerprint(app: Sphinx, docname: str) -> str:
    """Return what the page shows of the drawings: a changed drawing means writing it again."""
    store = store_of(app.env)
    contents = [
        (diagram.name, store.content(diagram.name))
        for diagram in diagrams_of(app.env)
        if diagram.docname == docname and is_fit_name(diagram.name)
    ]
    return repr(contents) if contents else ""
