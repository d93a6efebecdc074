"""The table of results in HTML: a row a probe, a strip of series beside or below what was run.

The parts are nodes of our own: docutils knows no table whose rows have headers, and themes put its
tables into boxes that scroll, where heads cannot stick to the window. Other formats have an
ordinary table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

# The style sheet knows as many widths of a cell.
_WIDEST: Final = 12


class Matrix(nodes.General, nodes.Element):
    """The table. Attributes: ``caption``; ``heads``, of all columns."""


class MatrixRow(nodes.General, nodes.Element):
    """A row: one `MatrixHead`, then its `MatrixCell`."""


class MatrixHead(nodes.General, nodes.Element):
    """What was run. Attribute ``number``: as the marks of the page have it, or 0."""


class MatrixCell(nodes.General, nodes.Element):
    """What was seen. Attributes: ``width`` in columns; ``looks``, the class of each sign."""


class Break(nodes.Inline, nodes.Element):
    """Where a long word may break."""


# What tells a table from boxes also where the style sheet lays its parts out otherwise.
def _visit_matrix(translator: HTML5Translator, node: nodes.Element) -> None:
    first, *series = map(translator.encode, node["heads"])
    heads = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in series)
    translator.body.append(
        '<div class="behavior-box"><table class="behavior-matrix" role="table">'
        f"<caption>{translator.encode(node['caption'])}</caption>"
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{first}</th>'
        f'{heads}</tr></thead>\n<tbody role="rowgroup">'
    )


def _depart_matrix(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</tbody></table></div>\n")


def _visit_row(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append(translator.starttag(node, "tr", "", role="row"))


def _depart_row(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</tr>\n")


def _visit_head(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append('<th scope="row" role="rowheader">')
    if node["number"]:
        translator.body.append(f'<span class="behavior-number">{node["number"]}</span> ')


def _depart_head(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</th>")


def _visit_cell(translator: HTML5Translator, node: nodes.Element) -> None:
    width = node["width"]
    signs = "".join(f'<span class="{look}"></span>' for look in node["looks"])
    translator.body.append(
        f'<td role="cell"{f" colspan={chr(34)}{width}{chr(34)}" if width > 1 else ""}>'
        f'<span class="behavior-signs behavior-span-{min(width, _WIDEST)}" aria-hidden="true">'
        f"{signs}</span>"
    )


def _depart_cell(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</td>")


def _visit_break(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("<wbr/>")  # XHTML, in an EPUB, ends what it begins
    raise nodes.SkipNode


def add_matrix(app: Sphinx) -> None:
    """Have HTML writers know the parts; nothing makes them for another."""
    visitors: dict[type[nodes.Element], tuple[Callable[..., Any], Callable[..., Any] | None]] = {
        Matrix: (_visit_matrix, _depart_matrix),
        MatrixRow: (_visit_row, _depart_row),
        MatrixHead: (_visit_head, _depart_head),
        MatrixCell: (_visit_cell, _depart_cell),
        Break: (_visit_break, None),
    }
    for part, pair in visitors.items():
        app.add_node(part, html=pair)
