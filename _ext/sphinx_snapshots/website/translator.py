"""How this site is written: by the theme's own translator, extended.

Widths of columns are classes: docutils writes them into attributes ``style``, which strict content
policies forbid, and no setting of it does otherwise (``depart_colspec`` in docutils 0.22). Long
names say where they may be broken, in tables on paper too. The cells of a table of messages say
what their columns are called, so that a narrow window can show each row as a card.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# A chance to break, before LaTeX's own characters are escaped: a zero-width space.
_CHANCE: Final = "\u200b"
#: Class of a table whose rows are cards in a narrow window.
CARDS: Final = "cards"

# How the first column of such a table is called.
_MESSAGE: Final = "Message"
_WIDTH: Final = re.compile(r"width: (\d+\.\d)%")
# A name that a phone may have no line for, and where in it one may be broken.
_LONG_NAME: Final = re.compile(r"[A-Za-z_][\w.]{13,}")
_BREAK: Final = re.compile(r"(?<=[A-Za-z0-9][_.])(?=[A-Za-z0-9])|(?<=[a-z])(?=[A-Z])")


def break_names(text: str, chance: str = "<wbr/>") -> str:
    """A text with a chance to break each long name in it between its words.

    :param chance: how that is written; as in XHTML, which an EPUB is, too.

    >>> break_names("Interpreter.exec")
    'Interpreter.<wbr/>exec'
    """
    return _LONG_NAME.sub(lambda name: _BREAK.sub(chance, name[0]), text)


def write_widths() -> str:
    """The style sheet that says what the classes of columns mean."""
    return "".join(f".width-{percent}{{width:{percent}%}}\n" for percent in range(1, 100))


def mark_cards(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Give each table of messages its class, and each cell of such a table its label."""
    if app.builder.format != "html":
        return
    for table in document.findall(nodes.table):
        head = table.next_node(nodes.thead)
        heads = [entry.astext() for entry in head.findall(nodes.entry)] if head else []
        if heads[:1] == [_MESSAGE]:
            table["classes"].append(CARDS)
        if CARDS in table["classes"] and (body := table.next_node(nodes.tbody)):
            for row in body.findall(nodes.row):
                for label, entry in zip(heads, row.children, strict=False):
                    if isinstance(entry, nodes.entry):
                        entry["label"] = label


def mark_row_heads(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Let the first column head the rows of each table that has no words in its corner.

    Its cells would have no head at all, above them or beside.
    """
    if app.builder.format != "html":
        return
    for group in document.findall(nodes.tgroup):
        head, column = group.next_node(nodes.thead), group.next_node(nodes.colspec)
        corner = head.next_node(nodes.entry) if head else None
        if corner is not None and column is not None and not corner.astext():
            column["stub"] = 1


def keep_ids_once(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Take the ids of a table or a formula from the box that a theme puts around it.

    Furo's ``WrapTableAndMathInAContainerTransform`` gives both the same, which no page may have.
    """
    for box in document.findall(nodes.container):
        content = box.children[0] if len(box.children) == 1 else None
        if isinstance(content, nodes.Element) and content["ids"]:
            box["ids"] = [name for name in box["ids"] if name not in content["ids"]]


class SiteWriter(HTML5Translator):
    """Methods that the translator of a build gets in addition."""

    def emptytag(
        self, node: nodes.Element, tagname: str, suffix: str = "\n", **attributes: Any
    ) -> str:
        width = _WIDTH.fullmatch(attributes.get("style", "")) if tagname == "col" else None
        if width:
            del attributes["style"]
            attributes["CLASS"] = f"width-{round(float(width[1]))}"
        return super().emptytag(node, tagname, suffix, **attributes)

    def starttag(self, node: nodes.Element, tagname: str, *more: Any, **attributes: Any) -> str:
        tag = super().starttag(node, tagname, *more, **attributes)
        if tagname == "td" and isinstance(node, nodes.entry) and "label" in node:
            return tag.replace("<td", f'<td data-label="{escape(node["label"])}"', 1)
        return tag

    def visit_entry(self, node: nodes.entry) -> None:
        row: Any = node.parent
        is_corner = isinstance(row.parent, nodes.thead) and not node.astext()
        if is_corner and "morecols" not in node and "morerows" not in node:
            # A head without words is none: screen readers would announce an empty one.
            row.column += 1
            self.body.append("<td></td>\n")
            raise nodes.SkipNode
        super().visit_entry(node)

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802  named by the node
        start = len(self.body)
        super().visit_Text(node)
        self.body[start:] = map(break_names, self.body[start:])


class PaperWriter(LaTeXTranslator):
    """The same, of a build for paper."""

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802  named by the node
        if not self.table:
            super().visit_Text(node)
            return
        text = self.encode(break_names(node.astext(), _CHANCE))
        self.body.append(text.replace(_CHANCE, r"\allowbreak{}"))
