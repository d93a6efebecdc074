"""What is wrong with diagrams and their drawings. Knows nothing of Sphinx."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .diagram import is_fit_name
from .svg import DrawingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .diagram import Diagram
    from .store import Store

__all__ = ["Kind", "Problem", "find_problems", "in_diagrams", "in_drawings"]


class Kind(StrEnum):
    """Subtype of each warning; its type is ``diagrams`` (``diagrams.stale``)."""

    #: A diagram has no drawing.
    MISSING = "missing"
    #: A drawing was made from another source, or with other options, than the diagram has now.
    STALE = "stale"
    #: A drawing cannot be used: it was edited by hand, or damaged.
    DRAWING = "drawing"
    #: A diagram has no title or no description for those who do not see it.
    ACCESSIBILITY = "accessibility"
    #: A diagram has no name, an unfit one, or another diagram's.
    NAME = "name"
    #: A diagram has no caption.
    CAPTION = "caption"
    #: A drawing cannot be made into a PDF picture for LaTeX.
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing for an author to mend."""

    kind: Kind
    message: str
    #: Where it is: file and line.
    location: str


def find_problems(diagrams: Iterable[Diagram], store: Store) -> Iterator[Problem]:
    """Yield what is wrong with all *diagrams* of a site, and with their drawings."""
    diagrams = list(diagrams)
    yield from in_diagrams(diagrams)
    yield from in_drawings(diagrams, store)


def in_diagrams(diagrams: Iterable[Diagram]) -> Iterator[Problem]:
    """Yield what is wrong with the directives themselves."""
    first: dict[str, Diagram] = {}
    for diagram in diagrams:
        label = f"diagram {diagram.name!r}" if diagram.name else "a diagram"
        if not diagram.name:
            message = "a diagram has no name; give it one, as in ':name: fig-import'"
            yield Problem(Kind.NAME, message, diagram.location)
        elif not is_fit_name(diagram.name):
            message = (
                f"{diagram.name!r} does not fit as the name of a diagram; "
                "write lowercase words with hyphens, as in 'fig-import'"
            )
            yield Problem(Kind.NAME, message, diagram.location)
        elif (other := first.setdefault(diagram.name, diagram)) is not diagram:
            message = f"{label} has the name of the one at {other.location}; rename one of them"
            yield Problem(Kind.NAME, message, diagram.location)
        if not diagram.has_caption:
            message = f"{label} has no caption; say with ':caption:' what it shows"
            yield Problem(Kind.CAPTION, message, diagram.location)
        absent = [
            keyword
            for keyword, text in (("accTitle", diagram.title), ("accDescr", diagram.description))
            if not text
        ]
        if absent:
            message = (
                f"{label} has no {' and no '.join(absent)}; "
                "readers who do not see it get nothing else: put it below the first line"
            )
            yield Problem(Kind.ACCESSIBILITY, message, diagram.location)


def in_drawings(diagrams: Iterable[Diagram], store: Store) -> Iterator[Problem]:
    """Yield what is wrong with the drawings of *diagrams*."""
    for diagram in diagrams:
        if not is_fit_name(diagram.name):
            continue
        path = store.path(diagram.name)
        try:
            drawing = store.load(diagram.name)
        except DrawingError as error:
            message = f"drawing {path} cannot be used: {error}; run 'make diagrams'"
            yield Problem(Kind.DRAWING, message, diagram.location)
            continue
        if drawing is None:
            message = f"diagram {diagram.name!r} has no drawing; run 'make diagrams'"
            yield Problem(Kind.MISSING, message, diagram.location)
        elif drawing.key != diagram.key():
            message = (
                f"diagram {diagram.name!r} has changed since it was drawn; run 'make diagrams'"
            )
            yield Problem(Kind.STALE, message, diagram.location)
