"""What readers may look for: the unit in which pages are searched."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["page", "section", "term", "message", "item", "probe"]

#: Names by which the section around a node is looked for, too: a list of texts.
NAMES: Final = "names_to_find"


class Record(NamedTuple):
    """Something that a reader may look for, and where it stands.

    :param kind: ``"page"`` is what a page says before its first section.
    :param docname: its page.
    :param anchor: its id there; empty for the page itself.
    :param title: its heading, as plain text.
    :param text: what it says, as plain text, without what has a record of its own.
    :param names: other names for it, which need not stand in the text.
    :param only: the conditions of the directives ``only`` around it.
    """

    kind: Kind
    docname: str
    anchor: str
    title: str
    text: str = ""
    names: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


class HasRecord:
    """Base of nodes that a record of their own speaks for: no part of the text of a section."""
