"""Which diagrams the pages have, and their committed drawings."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from sphinx.util.i18n import search_image_for_language
from sphinxcontrib.mermaid import (  # type: ignore[import-untyped]  # it ships no types
    Mermaid,
    MermaidClassDiagram,
    mermaid,
)

from ..kit.pages import PageDomain
from .model import Diagram, check_names, is_fit_name
from .settings import Settings
from .svg import Drawing, DrawingError
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Attribute of a ``mermaid`` node that holds its `Diagram`.
DIAGRAM: Final = "diagram"


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of drawings: one file for each, named as the diagram (see `is_fit_name`)."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where the drawing *name* is, or would be."""
        return self.folder / f"{name}.svg"

    def names(self) -> set[str]:
        """The names of all drawings that are there."""
        return {path.stem for path in self.folder.glob("*.svg")}

    def content(self, name: str) -> bytes | None:
        """The bytes of a drawing, or `None` if there is no such drawing."""
        with suppress(FileNotFoundError):
            return self.path(name).read_bytes()
        return None

    def load(self, name: str) -> Drawing | None:
        """Return a drawing, or `None` if there is no such drawing.

        :raises DrawingError: the file holds something that a drawing may not hold.
        """
        content = self.content(name)
        try:
            return None if content is None else Drawing.parse(content.decode())
        except UnicodeDecodeError as error:
            raise DrawingError("it is not UTF-8") from error


class NotedMermaid(Mermaid):  # type: ignore[misc]  # a class without types
    """The ``mermaid`` directive of sphinxcontrib-mermaid; its node also says where it stands."""

    def run(self) -> list[nodes.Node]:
        """Return what the directive makes, with a `Diagram` in each ``mermaid`` node."""
        env = self.state.document.settings.env
        file = self.arguments[0] if self.arguments and type(self).has_content else ""
        is_translation = bool(file) and search_image_for_language(file, env) != file
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
                    docname=env.docname,
                    path=path or "",
                    line=line or 0,
                    language=env.config.language if is_translation else "",
                )
        return made


class NotedClassDiagram(NotedMermaid, MermaidClassDiagram):  # type: ignore[misc]  # see above
    """The ``autoclasstree`` directive, whose source says what caption and ``:alt:`` say."""

    def get_mm_code(self) -> str:
        """Return the source, with the words for those who do not see the drawing."""
        code: str = super().get_mm_code()
        head, line_end, rest = code.partition("\n")
        texts = {"accTitle": self.options.get("caption"), "accDescr": self.options.get("alt")}
        words = "".join(f"  {key}: {text}\n" for key, text in texts.items() if text)
        return f"{head}{line_end}{words}{rest}"


class DiagramDomain(PageDomain):
    """Keeps which diagrams each page has."""

    name = "diagrams"
    label = "diagrams"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}}
    data_version = 2

    #: Docname to the diagrams of the page, for pages that have any.
    pages: dict[str, tuple[Diagram, ...]]

    # Not part of the pickled data.
    store: Store
    #: ``"epub"``, or the format of the builder.
    output: str

    @property
    def diagrams(self) -> Iterator[Diagram]:
        """All diagrams of the site, in the order of docnames and of places on the pages."""
        for _, diagrams in sorted(self.pages.items()):
            yield from diagrams

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note the diagrams of a page that was read, whatever directive made them."""
        diagrams = tuple(_note(node, env) for node in document.findall(mermaid))
        if diagrams:
            self.pages[docname] = diagrams

    def load(self, app: Sphinx) -> None:
        """Find the folder of drawings; each is read where it is shown."""
        self.output = "epub" if app.builder.name == "epub" else app.builder.format
        self.store = Store(Path(app.srcdir, Settings.of(app.config).directory))

    def complain(self) -> None:
        """Warn of all that is wrong with the diagrams of the site and their drawings."""
        for diagram, problem in check_names(self.diagrams):
            if problem:
                WarningType.NAME.warn(problem, diagram.location)
            _complain_of_words(diagram)
            if is_fit_name(diagram.name):
                self._complain_of_drawing(diagram)

    def shown_on(self, docname: str) -> str:
        """What a page shows of the drawings: a changed drawing means writing it again."""
        diagrams = [d for d in self.pages.get(docname, ()) if is_fit_name(d.name)]
        contents = [(d.drawing, self.store.content(d.drawing)) for d in diagrams]
        return repr(contents) if contents else ""

    def _complain_of_drawing(self, diagram: Diagram) -> None:
        kind, problem = WarningType.MISSING, f"{diagram.label} has no drawing"
        try:
            if drawing := self.store.load(diagram.drawing):
                if drawing.key == diagram.key():
                    return
                kind, problem = WarningType.STALE, f"{diagram.label} has changed since it was drawn"
        except DrawingError as error:
            path = self.store.path(diagram.drawing)
            kind, problem = WarningType.DRAWING, f"drawing {path} cannot be used: {error}"
        kind.warn(f"{problem}; run 'make diagrams'", diagram.location)


def _note(node: nodes.Element, env: BuildEnvironment) -> Diagram:
    """The diagram of a ``mermaid`` node, also of one that no directive of ours made."""
    if DIAGRAM not in node:
        figure = node.parent if isinstance(node.parent, nodes.figure) else node
        node[DIAGRAM] = Diagram(
            name=next(iter([*node["names"], *figure["names"]]), ""),
            source=node["code"],
            has_caption=any(figure.findall(nodes.caption)),
            docname=env.docname,
            path=node.source or str(env.doc2path(env.docname)),
            line=node.line or figure.line or 0,
        )
    diagram: Diagram = node[DIAGRAM]
    return diagram


def _complain_of_words(diagram: Diagram) -> None:
    if not diagram.has_caption:
        problem = f"{diagram.label} has no caption; say with ':caption:' what it shows"
        WarningType.CAPTION.warn(problem, diagram.location)
    texts = {"accTitle": diagram.title, "accDescr": diagram.description}
    if absent := [keyword for keyword, text in texts.items() if not text]:
        problem = (
            f"{diagram.label} has no {' and no '.join(absent)}; "
            "readers who do not see it get nothing else: put it below the first line"
        )
        WarningType.ACCESSIBILITY.warn(problem, diagram.location)
