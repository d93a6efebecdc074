"""Passages of plain text: of a page outside a site, and of the comments of programs.

What is read here is the text as it was written; the pages of a site are read by Sphinx, see
:mod:`.passages`. No Sphinx, no network.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .claims import BLANK, Mention, Passage, is_lead, is_short
from .model import ItemKind, Reference
from .urls import find_in_text, parse_argument, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Suffixes of pages, and of programs whose comments are read.
PAGES: Final = frozenset({".rst", ".md", ".txt"})
PROGRAMS: Final = frozenset({".py", ".pyi", ".c", ".h", ".cc", ".cpp", ".hpp"})

#: Behind a reference: the sentence stands, whatever becomes of the item.
STANDS: Final = "as-written"

_BULLET: Final = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>[-*+•]|\(?(?:\d{1,3}|[a-zA-Z#])[.)])[ \t]+"
)
_UNDERLINE: Final = re.compile(r"([=\-~^\"'`+#*_.:])\1{2,}\s*\Z")
_FENCE: Final = re.compile(r"\s*(```|~~~)")
_DIRECTIVE: Final = re.compile(r"\s*\.\.\s+(?:[\w:+-]+::|_|\[|\|)?")
_OPTION: Final = re.compile(r"\s+:[\w-]+:")

# Each alternative is one way to cite an item, or something that is no prose.
_MARKUP: Final = re.compile(
    r":(?P<role>gh|bpo|pr|issue|commit):`(?P<argument>[^`]+)`"
    r"|\{(?P<md_role>gh|bpo|pr|issue|commit)\}`(?P<md_argument>[^`]+)`"
    rf"|(?::{STANDS}:|\{{{STANDS}\}})`(?P<stands>[^`]*)`"
    rf"|\({STANDS}:(?P<stands_too>[^()]*)\)"
    r"|``(?P<code>.+?)``"
    r"|`(?P<named>[^`<]*)<(?P<named_url>https?://[^>`\s]+)>`__?"
    r"|\[(?P<link>[^\[\]]*)\]\((?P<link_url>https?://[^)\s]+)\)"
    r"|<(?P<angle_url>https?://[^>\s]+)>"
    r"|(?P<url>https?://[^\s<>\"'`)\]]*[^\s<>\"'`)\].,;:!?])"
    r"|(?::[\w:+-]+:|\{[\w:+-]+\})`(?P<other>[^`]*)`"
    r"|`(?P<quoted>[^`]+)`",
    re.S,
)


class _Block(NamedTuple):
    """Lines that belong together: a paragraph, an item of a list, a heading.

    :param line: of the first one.
    :param indent: of the text; that of a bullet is ``bullet``, or -1 without one.
    """

    text: str
    line: int
    indent: int
    bullet: int = -1
    is_heading: bool = False


def read_page(
    text: str, home: str, hosts: frozenset[str] = frozenset(), first: int = 1
) -> Iterator[Passage]:
    """The passages of a page that cite items.

    :param home: the repository that a bare number means; if it is empty, none.
    :param hosts: those of links, besides github.com.
    :param first: the number of the first line.
    """
    heading: tuple[str, ...] = ()
    around: list[_Block] = []
    before: _Block | None = None
    for block in _blocks(text.expandtabs().splitlines(), first):
        passage = _parse(block.text, block.line, home, hosts)
        if block.is_heading:
            heading, around, before = (passage.prose,), [], None
            continue
        if block.bullet < 0:
            around = [each for each in around if each.indent <= block.indent]
        else:
            around = [each for each in around if each.bullet < block.bullet]
            if before is not None and before.bullet < 0 and before.indent <= block.bullet:
                around = [*(each for each in around if each.bullet >= 0), before]
        leads = [_parse(each.text, each.line, home, hosts) for each in around]
        if passage.mentions:
            said = [lead.prose for lead in reversed(leads) if is_lead(lead)]
            stands_alone = block.bullet >= 0 or is_short(passage)
            yield passage._replace(leads=(*said, *(heading if stands_alone else ())))
        if block.bullet >= 0:
            around.append(block)
        before = block


def _blocks(lines: list[str], first: int) -> Iterator[_Block]:
    """The prose of a page, without code and directives' options."""
    waiting: list[str] = []
    start = indent = 0
    bullet = -1
    skip_below: int | None = None
    fence = ""
    is_doctest = False

    def finish(*, is_heading: bool = False) -> Iterator[_Block]:
        if waiting:
            yield _Block("\n".join(waiting), start, indent, bullet, is_heading)
            waiting.clear()

    for number, line in enumerate(lines, first):
        depth = len(line) - len(line.lstrip())
        # Below a line of text, tildes make a heading of it.
        if (match := _FENCE.match(line)) and not (waiting and match[1] == "~~~" and not fence):
            yield from finish()
            fence = "" if fence == match[1] else fence or match[1]
            continue
        if fence:
            continue
        if not line.strip():
            if waiting and waiting[-1].rstrip().endswith("::"):
                skip_below = bullet if bullet >= 0 else indent
            yield from finish()
            is_doctest = False
            continue
        if skip_below is not None:
            if depth > skip_below:
                continue
            skip_below = None
        if _UNDERLINE.fullmatch(line.strip()) and depth == 0:
            yield from finish(is_heading=len(waiting) == 1 and bullet < 0)
            continue
        if line.startswith("#") and (title := line.lstrip("#")).startswith(" "):
            yield from finish()
            waiting, start, indent, bullet = [title.strip()], number, 0, -1
            yield from finish(is_heading=True)
            continue
        if _DOCTEST.match(line):
            yield from finish()
            is_doctest = True
        if is_doctest:
            continue
        if match := _DIRECTIVE.match(line):
            yield from finish()
            name = match[0].strip()
            if name == ".." or "code" in name or name.endswith(("_", "math::", "mermaid::")):
                skip_below = depth
            elif line[match.end() :].strip():
                waiting, start, indent, bullet = [line[match.end() :]], number, depth + 3, -1
            continue
        if not waiting and _OPTION.match(line):
            continue
        if match := _BULLET.match(line):
            yield from finish()
            bullet, start = len(match["indent"]), number
            indent = match.end()
            waiting.append(line[match.end() :])
            continue
        if waiting and bullet >= 0 and depth <= bullet:
            yield from finish()
        if not waiting:
            start, indent, bullet = number, depth, -1
        waiting.append(line.strip())
    yield from finish()


def _parse(text: str, line: int, home: str, hosts: frozenset[str]) -> Passage:
    """The items and the prose of one block."""
    prose = list(text)
    mentions: list[Mention] = []
    position = 0

    def note(start: int, end: int, item: Reference) -> None:
        prose[start:end] = BLANK * (end - start)
        mentions.append(Mention(start, end, str(item), line + text.count("\n", 0, start)))

    def look(start: int, end: int) -> None:
        for first, last, item in find_in_text(text[start:end], home):
            note(start + first, start + last, item)

    for match in _MARKUP.finditer(text):
        look(position, match.start())
        position = match.end()
        start, end = match.span()
        if match["stands"] is not None or match["stands_too"] is not None:
            prose[start:end] = " " * (end - start)
            if mentions:
                mentions[-1] = mentions[-1]._replace(is_settled=True)
            continue
        items = list(_items(match, home, hosts))
        for item in items:
            note(start, end, item)
        if not items and match["named"] is None and match["link"] is None:
            prose[start:end] = BLANK * (end - start)
    look(position, len(text))
    return Passage(text, "".join(prose), tuple(mentions))


def _items(match: re.Match[str], home: str, hosts: frozenset[str]) -> Iterator[Reference]:
    for group in ("named_url", "link_url", "angle_url", "url"):
        if match[group] and (link := parse_url(match[group], hosts)):
            yield link.reference
    role = match["role"] or match["md_role"]
    argument = match["argument"] or match["md_argument"]
    if role:
        kind = ItemKind.BPO if role == "bpo" else ItemKind.NUMBER
        try:
            citations = parse_argument(argument, kind, home)
        except ValueError:
            return  # a role of another extension, or a mistake that a build reports
        yield from (citation.link.reference for citation in citations if citation.link)


_MAY_CITE: Final = re.compile(r"bpo-|gh-|gh#|://|:`|}`", re.I)
_DOCTEST: Final = re.compile(r"\s*>>> ")


def read_comments(
    name: str, source: str, home: str, hosts: frozenset[str] = frozenset()
) -> Iterator[Passage]:
    """The passages of the comments and docstrings of a program.

    :param name: of the file, which says its language.
    """
    if not _MAY_CITE.search(source):
        return
    # Pygments comes with Sphinx, but takes its time to load, and to read a program.
    from pygments.lexers import get_lexer_for_filename
    from pygments.token import Comment, String, is_token_subtype

    lexer = get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    run: list[str] = []
    first = line = position = 0
    for start, kind, value in lexer.get_tokens_unprocessed(source):
        is_code = is_token_subtype(kind, Comment.Preproc) or kind is Comment.PreprocFile
        is_comment = is_token_subtype(kind, Comment) and not is_code
        if not is_comment and not is_token_subtype(kind, String.Doc):
            continue
        line += source.count("\n", position, start)
        position = start
        before = source[source.rfind("\n", 0, start) + 1 : start]
        # Comments on lines of their own, one below the other, are one text.
        if run and (before.strip() or line != first + len(run)):
            yield from read_page("\n".join(run), home, hosts, first + 1)
            run = []
        if not run:
            first = line
        run += _without_marks((" " * len(before)) + value.rstrip("\n"))
        if before.strip():
            yield from read_page("\n".join(run), home, hosts, first + 1)
            run = []
    yield from read_page("\n".join(run), home, hosts, first + 1)


_COMMENT_MARK: Final = re.compile(
    r"^(\s*)(?:#+:?|//+[/!]?|/\*+|\*+/|\*(?=\s|\Z)|[rRuU]?(?:\"\"\"|'''))"
)
_COMMENT_END: Final = re.compile(r"(?:\*+/|\"\"\"|''')\s*\Z")


def _without_marks(comment: str) -> list[str]:
    """The lines of a comment without what makes them one, each character in its column."""
    lines = _COMMENT_END.sub("", comment).split("\n")
    return [_COMMENT_MARK.sub(lambda match: " " * len(match[0]), line) for line in lines]
