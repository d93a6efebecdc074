"""Words such as ``bpo-40512`` in prose become links, but not where a backslash says otherwise.

docutils leaves a mark in a text where a backslash was. MyST leaves none, but keeps the source of
each block, which then says which of the words in it were escaped.
"""

from __future__ import annotations

from functools import partial
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from ..kit.nodes import find_all
from .domain import NOT_SMART, CitationDomain, make_link
from .quotes import curl_last
from .raw_html import find_enclosed
from .roles import NOT_A_LINK
from .urls import ItemLink, as_word, find_bare_numbers, find_in_markdown, find_in_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .model import Reference

# Text inside these is not prose of the author's, or is a link already, or will be one.
_NOT_PROSE: Final = (
    addnodes.desc_signature,
    addnodes.literal_emphasis,
    addnodes.literal_strong,
    addnodes.pending_xref,
    nodes.FixedTextElement,
    nodes.Invisible,
    nodes.field_name,
    nodes.label,
    nodes.literal,
    nodes.math,
    nodes.option_group,
    nodes.problematic,
    nodes.raw,
    nodes.reference,
    nodes.system_message,
    nodes.target,
)
# What opens by a click on its heading: a link in that would lead away instead. These are components
# of sphinx-design and tabs of sphinx-immaterial, classes by which sphinx-togglebutton and themes
# know such an admonition, and what extensions call the nodes of such headings themselves.
_OPENED_COMPONENTS: Final = frozenset({"dropdown", "tab-item", "md-tab-item"})
_OPENED_CLASSES: Final = frozenset({"dropdown", "toggle"})
_CONTROLS: Final = frozenset({"button", "summary"})
_OPENERS: Final = _CONTROLS | {"rubric", "title"}
# How docutils marks a backslash in a text, until the text is written.
_MARK: Final = "\0"


class _Words(NamedTuple):
    """What is recognized on a page.

    :param home: the repository that ``gh-101`` means, or empty; None where no such word counts.
    :param numbered: the repository that ``#101`` means, or empty.
    """

    home: str | None
    numbered: str

    def find(self, text: str) -> list[tuple[int, int, Reference]]:
        found = [] if self.home is None else list(find_in_text(text, self.home))
        return sorted([*found, *find_bare_numbers(text, self.numbered)]) if self.numbered else found


class RecognizeText(SphinxTransform):
    """Makes links of ``bpo-40512`` and ``gh-84692`` in prose."""

    # After docutils has resolved substitutions (220) and links (up to 640), before Sphinx calls
    # the domains (850) and docutils curls quotes (855).
    default_priority = 680

    def apply(self, **kwargs: Any) -> None:
        settings = CitationDomain.of(self.env).settings
        numbered = settings.repository_of_numbers(self.env.docname)
        if not settings.recognize_text and not numbered:
            return
        words = _Words(settings.repository if settings.recognize_text else None, numbered)
        texts = self._find_prose(takes_all=bool(numbered))
        if numbered:
            texts = _join_names(texts, numbered)
        # All of them before the first is put in place: what is escaped is found by comparing whole
        # blocks with their sources.
        curl = partial(curl_last, self.document)
        replacements = [(text, _link_items(text, words, curl)) for text in texts]
        for text, replacement in replacements:
            if replacement:
                _replace(text, replacement)

    def _find_prose(self, *, takes_all: bool) -> list[nodes.Text]:
        """The texts that may name items, or just all that are prose."""
        texts: list[nodes.Text] = []
        has_raw = False
        for text in find_all(self.document, nodes.Text):
            if takes_all or "-" in text or "#" in text or "<" in text:
                kind = text.parent.__class__
                if kind is not nodes.reference:  # most such texts
                    texts.append(text)
                    has_raw |= kind is nodes.raw
        enclosed = find_enclosed(texts) if has_raw else frozenset()
        return [
            text
            for place, text in enumerate(texts)
            if place not in enclosed and not _is_excluded(text)
        ]


def _join_names(texts: list[nodes.Text], repository: str) -> list[nodes.Text]:
    """The texts, neighbors joined where a name such as ``PR 101`` is parted between several.

    MyST makes a text of its own of each end of a line, and docutils of each substitution.
    """
    result: list[nodes.Text] = []
    known = set(map(id, texts))
    for around in dict.fromkeys(text.parent for text in texts):
        for is_known, group in groupby(list(around.children), lambda child: id(child) in known):
            if not is_known:
                continue
            neighbors = [text for text in group if isinstance(text, nodes.Text)]
            if len(neighbors) > 1:
                ends = list(accumulate(map(len, neighbors)))
                names = list(find_bare_numbers("".join(neighbors), repository))
                # Which texts have an end inside of a name. The others stay as they are.
                parted = [any(start < end < last for start, last, _ in names) for end in ends]
                if any(parted):
                    neighbors = _join(around, neighbors, parted)
            result += neighbors
    return result


def _join(
    around: nodes.Element, texts: list[nodes.Text], with_next: list[bool]
) -> list[nodes.Text]:
    result: list[nodes.Text] = []
    waiting: list[nodes.Text] = []
    for text, is_parted in zip(texts, with_next, strict=True):
        waiting.append(text)
        if is_parted:
            continue
        if len(waiting) > 1:
            joined = nodes.Text("".join(waiting))
            place = next(n for n, child in enumerate(around.children) if child is waiting[0])
            around[place : place + len(waiting)] = [joined]
            if (owner := waiting[0].document) is not None:
                joined.document = owner  # that of a translator's words: see `_source_of`
            waiting = [joined]
        result += waiting
        waiting = []
    return result


def _is_excluded(text: nodes.Text) -> bool:
    node: nodes.Element | None = text.parent
    while node is not None:
        if NOT_A_LINK in node.get("classes", ()):
            return True
        if node.tagname in _OPENERS and _opens(node):
            return True
        # This table is called a comment so that some writers leave it out; its text is prose.
        if isinstance(node, _NOT_PROSE) and node.tagname != "autosummary_table":
            return True
        node = node.parent
    return False


def _opens(node: nodes.Element) -> bool:
    """Whether a heading, or what an extension made like one, is there for clicks."""
    if node.tagname in _CONTROLS:
        return True
    around = node.parent.attributes
    if isinstance(node, nodes.rubric):
        kinds = {around.get("design_component"), around.get("type")}
        return not _OPENED_COMPONENTS.isdisjoint(kinds)
    if not isinstance(node.parent, nodes.Admonition):
        return False
    return "collapsible" in around or not _OPENED_CLASSES.isdisjoint(around["classes"])


def _link_items(
    text: nodes.Text, words: _Words, curl: Callable[[nodes.Text, Sequence[str]], str]
) -> list[nodes.Node]:
    """``text`` with the items that are found in it as links; empty if there are none."""
    found = words.find(str(text))
    escaped = _find_escapes(text, words) if found else frozenset()
    result: list[nodes.Node] = []
    position = 0
    for start, end, reference in found:
        if start in escaped:
            continue
        named = text[start:end]
        if start > position:
            parts = text[:position], text[position:start], named
            result.append(nodes.Text(curl(text, parts)))
        result.append(make_link(named, named, ItemLink(reference)))
        position = end
    if result and position < len(text):
        result.append(nodes.Text(text[position:]))
    return result


def _find_escapes(text: nodes.Text, words: _Words) -> frozenset[int]:
    """Where in ``text`` words of Markdown start that their author escaped."""
    starts: set[int] = set()
    element: nodes.Element | None = text.parent
    while element is not None:
        if isinstance(element, nodes.TextElement) and "\\" in (source := _source_of(element)):
            places = _compare_with_source(element, source, words)
            starts.update(start for found, start in places if found is text)
        element = element.parent
    return frozenset(starts)


def _source_of(element: nodes.TextElement) -> str:
    """What was written for a block: in a translated one, by its translator.

    Such a block has the source of the original, which says nothing of its text. But MyST has read
    the translation as a document of its own, which the texts still belong to.
    """
    if not element.get("translated"):
        return element.rawsource
    for text in element.findall(nodes.Text):
        if text.document is not None and text.document is not element.document:
            block = text.document.next_node(nodes.TextElement)
            return block.rawsource if block is not None else ""
    return ""


def _compare_with_source(
    element: nodes.TextElement, source: str, words: _Words
) -> Iterator[tuple[nodes.Text, int]]:
    """The escaped words in a block of Markdown: the text of each, and where it starts there.

    If ``source`` names an item as often as its text does, they agree word by word.
    If not (the target of a link names it as well, say), a backslash speaks for all of them.
    """
    texts, source = _own_content(element, source)
    if any(_MARK in text for text in texts):
        return
    written: dict[str, list[bool]] = {}
    for word, is_escaped in find_in_markdown(source, numbers=bool(words.numbered)):
        written.setdefault(word, []).append(is_escaped)
    shown: dict[str, list[tuple[nodes.Text, int]]] = {}
    for text in texts:
        for start, end, _ in words.find(str(text)):
            shown.setdefault(as_word(text[start:end]), []).append((text, start))
    for word, places in shown.items():
        marks = written.get(word, [])
        if len(marks) != len(places):
            marks = [any(marks)] * len(places)
        yield from (place for place, mark in zip(places, marks, strict=True) if mark)


def _own_content(element: nodes.TextElement, source: str) -> tuple[list[nodes.Text], str]:
    """The texts in ``element`` and their source, without what has a source of its own in it."""
    position = 0
    texts: list[nodes.Text] = []
    parts: list[str] = []
    waiting = element.children[::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Text):
            texts.append(node)
        elif isinstance(node, nodes.Element):
            start = _find_source(node, source, position)
            if start >= 0:
                parts.append(source[position:start])
                position = start + len(node.rawsource)
            else:
                waiting += node.children[::-1]
    parts.append(source[position:])
    # Two parts must not make a word together.
    return texts, "\0".join(parts)


def _find_source(node: nodes.Element, source: str, position: int) -> int:
    """Where ``source`` has the source of ``node``, from ``position`` on; -1 if nowhere."""
    if not node.rawsource:
        return -1
    # Sphinx takes the text of a node for its source where MyST gives none. Of code, both agree.
    if node.rawsource == node.astext() and not isinstance(node, nodes.literal):
        return -1
    return source.find(node.rawsource, position)


def _replace(text: nodes.Text, replacement: list[nodes.Node]) -> None:
    """Put ``replacement`` where this very text is, not the first that says the same."""
    parent = text.parent
    if not isinstance(parent, nodes.TextElement):
        # Writers take a link that stands in no text for one around an image. The words around the
        # link stay one child with it.
        inline = nodes.inline("", "", *replacement)
        if not _is_in_text(parent):
            inline[NOT_SMART] = False  # no quotes would be curled there
        replacement = [inline]
    place = next(n for n, child in enumerate(parent.children) if child is text)
    parent[place : place + 1] = replacement


def _is_in_text(node: nodes.Element | None) -> bool:
    while node is not None and not isinstance(node, nodes.TextElement):
        node = node.parent
    return node is not None
