"""A diagram as its author wrote it, and how it is drawn. Knows neither Sphinx nor files."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# The name becomes a file name, an XML id and a link target.
_FIT_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

_TITLE: Final = re.compile(r"^[ \t]*accTitle[ \t]*:(?P<line>.*)$", re.MULTILINE)
_DESCRIPTION: Final = re.compile(
    r"^[ \t]*accDescr[ \t]*(?::(?P<line>.*)$|\{(?P<block>[^}]*)\})", re.MULTILINE
)


def is_fit_name(name: str) -> bool:
    """Tell whether *name* is made of lowercase words of letters and digits, joined by hyphens."""
    return _FIT_NAME.fullmatch(name) is not None


#: What the drawing program is asked for. Lengths are CSS pixels.
OPTIONS: Final[Mapping[str, Any]] = {
    # Raise it when `pele` or `svg` come to make something else of the same diagram.
    "version": 1,
    # Width of the column of a page. A wider drawing is scaled down as far as its labels stay
    # readable, and then scrolls.
    "column": 736,
    # Text sizes and widths to try, in this order: the first that fits and breaks no word is
    # taken, and the last text size without a limit if none does.
    "attempts": [(16, 736), (15, 736), (14, 736), (14, 800), (14, 860), (14, 920)],
    # Drawings that must be narrower than this may be turned, if that makes them narrower.
    "turn_below": 740,
    # Space between nodes side by side, and between rows of them.
    "node_spacing": 24,
    "row_spacing": 40,
    # Width at which labels of nodes are wrapped between words.
    "label_width": 200,
    # Space around the drawing.
    "padding": 8,
}


@dataclass(frozen=True, slots=True)
class Diagram:
    """One ``mermaid`` directive."""

    #: The directive's ``:name:``, ``""`` without one.
    name: str
    #: The Mermaid source, as the directive gave it.
    source: str
    #: Whether the directive has a caption.
    has_caption: bool
    #: The page.
    docname: str
    #: The file that the directive stands in: the page's, or one that the page includes.
    path: str
    #: The directive's line in that file; 0 if it is not known.
    line: int
    #: The language of the source, where that is a translation of another file; else ``""``.
    language: str = ""

    @property
    def drawing(self) -> str:
        """The name of its drawing: ``fig-import``, or ``fig-import.de`` of a translation."""
        return f"{self.name}.{self.language}" if self.language else self.name

    @property
    def title(self) -> str:
        """The text of ``accTitle``, ``""`` without one."""
        return _find(_TITLE, self.source)

    @property
    def description(self) -> str:
        """The text of ``accDescr``, on one line, ``""`` without one."""
        return _find(_DESCRIPTION, self.source)

    @property
    def text_form(self) -> str:
        """What stands for the drawing where there can be none; empty without any words."""
        return ": ".join(part for part in (self.title, self.description) if part) or self.name

    @property
    def label(self) -> str:
        """How messages speak of it."""
        return f"diagram {self.name!r}" if self.name else "a diagram"

    @property
    def location(self) -> str:
        """Where the diagram is, as compilers write it."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def key(self) -> str:
        """Return what tells whether a drawing is still this diagram's.

        It depends on all that a drawing is made from, except the drawing program.
        """
        lines = [line.rstrip() for line in self.source.strip().splitlines()]
        facts = {"options": OPTIONS, "name": self.name, "source": lines}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def check_names(diagrams: Iterable[Diagram]) -> Iterator[tuple[Diagram, str]]:
    """Each of *diagrams* with what is wrong with its name, ``""`` for nothing."""
    first: dict[str, Diagram] = {}
    for diagram in diagrams:
        problem = ""
        if not diagram.name:
            problem = "a diagram has no name; give it one, as in ':name: fig-import'"
        elif not is_fit_name(diagram.name):
            problem = (
                f"{diagram.name!r} does not fit as the name of a diagram; "
                "write lowercase words with hyphens, as in 'fig-import'"
            )
        elif (other := first.setdefault(diagram.name, diagram)) is not diagram:
            problem = (
                f"{diagram.label} has the name of the one at {other.location}; rename one of them"
            )
        yield diagram, problem


@dataclass(slots=True)
class SourceError(Exception):
    """A diagram cannot be drawn; `line` and `column` count in its source, 0 if unknown."""

    message: str
    line: int = 0
    column: int = 0


def _find(pattern: re.Pattern[str], source: str) -> str:
    found = pattern.search(source)
    return " ".join(" ".join(filter(None, found.groups())).split()) if found else ""
