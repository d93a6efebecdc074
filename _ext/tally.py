"""Sphinx extension: counts the rows of a table on the same page by the start of one cell.

::

    .. tally:: todo-board
       :column: 3

       as planned
       still one: limitation that still holds

counts the rows of the first table of the section with the label ``todo-board`` by their third
cell. A line of the content is what the cell begins with, and behind a colon, if the two differ, the
words that the summary has for it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]

_logger: Final = logging.getLogger(__name__)


class TallyPlace(nodes.General, nodes.Element):
    """Stands where the counts will be; attributes ``label``, ``column`` (from 0), ``groups``."""


class Tally(SphinxDirective):
    """``.. tally:: LABEL``."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "column": directives.positive_int,
    }

    def run(self) -> list[Node]:
        """Return the placeholder."""
        groups = {}
        for line in filter(None, map(str.strip, self.content)):
            start, _, words = line.partition(":")
            groups[start.strip()] = words.strip() or start.strip()
        place = TallyPlace(
            label=nodes.make_id(self.arguments[0]),
            column=self.options.get("column", 1) - 1,
            groups=groups,
        )
        self.set_source_info(place)
        return [place]


class CountRows(SphinxTransform):
    """Replaces each placeholder by a table of groups and counts."""

    # After docutils has given the labels to their sections (260).
    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Fill the page that was read."""
        for place in list(self.document.findall(TallyPlace)):
            cells = list(self._cells(place))
            starts = Counter(
                next((start for start in place["groups"] if cell.startswith(start)), cell)
                for cell in cells
            )
            unknown = sorted(starts.keys() - place["groups"].keys())
            if unknown or not cells:
                problem = f"no group fits {unknown}" if unknown else "there is no such table"
                message = f"tally of {place['label']!r}: {problem}"
                _logger.warning(message, type="tally", subtype="table", location=place)
            rows = [(words, starts[start]) for start, words in place["groups"].items()]
            place.replace_self(_table([*rows, ("all", len(cells))]))

    def _cells(self, place: TallyPlace) -> Iterator[str]:
        for section in self.document.findall(nodes.section):
            if place["label"] in section["ids"]:
                table = next(iter(section.findall(nodes.table)), None)
                body = [] if table is None else table.findall(nodes.tbody)
                for row in (row for part in body for row in part.children):
                    yield row.children[place["column"]].astext()


def _table(rows: list[tuple[str, int]]) -> nodes.table:
    group = nodes.tgroup(cols=2)
    group += [nodes.colspec(colwidth=width) for width in (75, 25)]
    group += nodes.thead("", _row("Outcome", "Entries"))
    group += nodes.tbody("", *(_row(words, str(count)) for words, count in rows))
    return nodes.table("", group)


def _row(*texts: str) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph(text, text)) for text in texts))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``tally``."""
    app.add_node(TallyPlace)
    app.add_directive("tally", Tally)
    app.add_transform(CountRows)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
