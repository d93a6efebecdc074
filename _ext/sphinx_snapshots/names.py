"""Sphinx extension: entries of the general index for the names and messages that pages explain.

Authors write names as links or as code, as they do anyway. A page is indexed under each name of
the C API, of a slot, of a Python function and of an environment variable that it says more than a
word about: at the section that names it most. So nobody keeps lists, and the index has the words
that people type. Messages are indexed where the tables of a page have them.
"""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from . import __version__
from .kit.nodes import find_all
from .kit.pages import section_of
from .kit.settings import Settings, add_settings, setting, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

# Code that is a name, with or without the parentheses of a call.
_NAME: Final = re.compile(
    r"(?P<name>_?Py[A-Z_]\w*[^\W_]|(?:m|tp|nb|ob|am)_[a-z]\w*|PYTHON[A-Z]\w+"
    r"|(?:[a-z_][a-z0-9_]+\.)+[A-Za-z_]\w+|[A-Z]\w+(?:Error|Warning|PoolExecutor))(?:\(\))?"
)
# One word about these is more than others say.
_RARE: Final = re.compile(r"PYTHON[A-Z]\w+|Py_(?:mod|tp|nb|am)_\w+|_?Py\w+_SUPPORTED")
# Files are no names, although they have a dot.
_FILE: Final = re.compile(r".*\.(?:py|c|h|rst|md|so|pyd|dll|toml|txt|json|jsonl|cfg|out)")
_ENOUGH: Final = 2  # how often a page names what it explains; a heading counts as much
_LONGEST: Final = 90  # characters of a message in the index


class NameSettings(Settings):
    """What ``conf.py`` says.

    :param pages: patterns of the pages that are indexed under names.
    :param messages: patterns of the pages whose tables have a message in the first column.
    """

    prefix: ClassVar[str] = "names"

    pages: tuple[str, ...] = setting([], strings, "env")
    messages: tuple[str, ...] = setting([], strings, "env")


class AddNames(SphinxTransform):
    """Adds the entries of a page to the general index."""

    # As that of the items of refstatus: behind docutils' Contents (720), which counts the children
    # of a section; before the index is collected with the domains (850).
    default_priority = 845

    def apply(self, **kwargs: Any) -> None:
        settings = NameSettings.of(self.config)
        docname = self.env.docname
        if any(fnmatchcase(docname, pattern) for pattern in settings.pages):
            self._add_names()
        if any(fnmatchcase(docname, pattern) for pattern in settings.messages):
            self._add_messages()

    def _add_names(self) -> None:
        counts: dict[str, Counter[nodes.section]] = {}
        for node in find_all(self.document, nodes.Element):
            if (name := name_of(node)) and (section := section_of(node)):
                weight = _ENOUGH if isinstance(node.parent, nodes.title) else 1
                counts.setdefault(name, Counter())[section] += weight
        entries: dict[nodes.section, list[str]] = {}
        for name, sections in sorted(counts.items()):
            if sections.total() >= _ENOUGH or _RARE.fullmatch(name):
                # Of several the first.
                entries.setdefault(sections.most_common(1)[0][0], []).append(name)
        for section, names in entries.items():
            # Behind the heading, so that the section still starts with it.
            section.insert(1, _entries(names, section["ids"][0]))

    def _add_messages(self) -> None:
        number = 0
        for row in find_all(self.document, nodes.row):
            cell = row.children[0]
            texts = [" ".join(code.astext().split()) for code in find_all(cell, nodes.literal)]
            if isinstance(row.parent, nodes.tbody) and texts and isinstance(cell, nodes.entry):
                number += 1
                anchor = f"message-{number}"
                target = nodes.target("", "", ids=[anchor])
                self.document.note_explicit_target(target)
                cell.insert(0, [_entries(map(shortened, texts), anchor), target])


def _entries(names: Iterator[str] | list[str], anchor: str) -> addnodes.index:
    # A semicolon would split an entry in two.
    entries = [("single", name.replace(";", ","), anchor, "", None) for name in names]
    return addnodes.index(entries=entries)


def name_of(node: nodes.Element) -> str:
    """The name that a link or a piece of code is about, as people type it; or empty."""
    if isinstance(node, addnodes.pending_xref):
        if node.get("refdomain") in {"c", "py"} or node.get("reftype") == "envvar":
            text = str(node["reftarget"]).lstrip("~.!").removesuffix("()")
            return text if node["reftype"] not in {"keyword", "term"} else ""
        return ""
    if not isinstance(node, nodes.literal) or isinstance(node.parent, addnodes.pending_xref):
        return ""
    match = _NAME.fullmatch(node.astext())
    return match["name"] if match and not _FILE.fullmatch(match["name"]) else ""


def shortened(message: str) -> str:
    """A message that is not too long for the index."""
    return message if len(message) <= _LONGEST else message[: _LONGEST - 1].rstrip() + "…"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.names``."""
    add_settings(app, NameSettings)
    app.add_transform(AddNames)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
