"""``search-records.json``: what the script in the browser searches.

Each record is a list: kind, number of its page, anchor, heading, text, further words of the text,
other names; what is empty at its end is left out. Each page is a list: address below the root of
the site, title, weight of its hits. A change that the script could not read raises ``FORMAT``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sphinx.builders.html import StandaloneHTMLBuilder

from ..kit.files import replace_file
from ..kit.translation import _
from .domain import SearchDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

FORMAT: Final = 1
FILE_NAME: Final = "search-records.json"
# How much of a text the file has as it is; of the rest it has each word once. Pages whose hits
# count less than `_LIGHT` are not worth as much room.
_MANY_CHARACTERS: Final = 1_250
_FEW_CHARACTERS: Final = 200
_LIGHT: Final = 0.6
# With its dots, as the script reads versions.
_WORD: Final = re.compile(r"\w+(?:\.\w+)*")


def export_records(builder: Builder) -> bytes:
    """The content of the file; the module says what it means."""
    domain = SearchDomain.of(builder.env)
    titles = builder.env.titles
    numbers: dict[str, int] = {}
    records: list[list[Any]] = []
    for record in domain.all_records():
        number = numbers.setdefault(record.docname, len(numbers))
        is_light = domain.settings.weight_of(record.docname) < _LIGHT
        text, further = shorten(record.text, _FEW_CHARACTERS if is_light else _MANY_CHARACTERS)
        is_minor = record.title in domain.settings.minor_headings
        names = "" if is_minor else " ".join(record.names)
        fields = [record.kind, number, record.anchor, record.title, text, further, names]
        while not fields[-1]:
            fields.pop()
        records.append(fields)
    pages = [
        [builder.get_target_uri(name), titles[name].astext(), domain.settings.weight_of(name)]
        for name in numbers
    ]
    head = {
        "format": FORMAT,
        "words": words(),
        "minor": domain.settings.minor_headings,
        "synonyms": domain.settings.synonyms,
    }
    lines = b",\n".join(map(msgspec.json.encode, records))
    start = msgspec.json.encode(head).removesuffix(b"}")
    return b'%b,"pages":%b,"records":[\n%b\n]}\n' % (start, msgspec.json.encode(pages), lines)


def shorten(text: str, length: int) -> tuple[str, str]:
    """The beginning of a text, and each further word once: found all the same, in less room."""
    if len(text) <= length:
        return text, ""
    first = text[: text.rfind(" ", 0, length)]
    known = set(_WORD.findall(first.lower()))
    further = {word.lower(): word for word in _WORD.findall(text[len(first) :])}
    return first, " ".join(word for key, word in further.items() if key not in known)


def words() -> dict[str, str]:
    """What the script says to readers, in the language of the site."""
    return {
        "results": _("Search results"),
        "count": _("Results: %(count)s"),
        "none": _("No results. Try fewer or other words."),
        "all": _("All results"),
        "term": _("term"),
        "message": _("message"),
        "item": _("reference"),
        "probe": _("program"),
        "instead": _("Searched for: %(words)s"),
        "missing": _("No page has: %(words)s"),
    }


def write_records(app: Sphinx, exception: Exception | None) -> None:
    """Write the file after a build that wrote HTML with a search."""
    if exception is None and has_search(app.builder):
        replace_file(Path(app.outdir, FILE_NAME), export_records(app.builder))


def has_search(builder: Builder) -> bool:
    """Whether what this builder writes is a site with a page for each document and a search."""
    is_html = isinstance(builder, StandaloneHTMLBuilder) and builder.search
    return is_html and builder.name in {"html", "dirhtml"}
