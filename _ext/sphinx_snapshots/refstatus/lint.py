"""The claims of the pages of a site: noted while they are read, and looked for by the command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from .domain import CitationDomain
from .model import one_line
from .passages import find_passages
from .sentences import cited_sentences, find_claims, phrases_of
from .texts import PAGES, PROGRAMS, read_comments, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

    from .claims import Claim
    from .settings import RefstatusSettings


_LONGEST_PATH: Final = 4_096


class Quote(NamedTuple):
    """A sentence that cites an item.

    :param item: its key, as cited.
    :param source: the path of the file.
    """

    item: str
    source: str
    line: int
    sentence: str


def note_claims(app: Sphinx, document: nodes.document) -> None:
    """Note what the sentences of a page claim; its links are marked."""
    domain = CitationDomain.of(app.env)
    if app.env.docname in domain.cited:
        claims = tuple(claims_of(document, domain.settings))
        if claims:
            domain.claims[app.env.docname] = claims


def claims_of(document: nodes.document, settings: RefstatusSettings) -> Iterator[tuple[str, Claim]]:
    """What the sentences of a page claim, each with the file that it stands in."""
    phrases = phrases_of(settings.lint_phrases)
    for source, passage in find_passages(document):
        for claim in find_claims(passage, phrases):
            yield source, claim


def claims_of_site(domain: CitationDomain, files: list[Path] | None) -> Iterator[tuple[str, Claim]]:
    """What pages and programs claim, each with its file.

    A page of the site is looked at as Sphinx has read it, any other file as it is written.

    :param files: those that count; None for all pages.
    """
    env, settings = domain.env, domain.settings
    pages = {Path(env.doc2path(docname)): docname for docname in domain.pages()}
    known = {Path(env.doc2path(docname)) for docname in env.all_docs}
    phrases = phrases_of(settings.lint_phrases)
    for path in pages if files is None else files:
        if path in pages:
            yield from claims_of(env.get_doctree(pages[path]), settings)
        elif path not in known:
            text = path.read_text(encoding="utf-8", errors="replace")
            home, hosts = settings.repository, settings.hosts
            if path.suffix in PROGRAMS:
                passages = read_comments(path.name, text, home, hosts)
            else:
                passages = read_page(text, home, hosts)
            for passage in passages:
                for claim in find_claims(passage, phrases):
                    yield os.fspath(path), claim


def find_files(paths: Iterable[Path]) -> list[Path] | None:
    """The pages and programs that paths name, those in folders included; None for no path.

    :raises FileNotFoundError: there is no such path; the message names it.
    """
    paths = list(paths)
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"there is no {path}")
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in below:
            parts = each.relative_to(path).parts
            # An environment or a repository in a folder is none of it.
            is_hidden = any(part.startswith(".") for part in parts)
            is_wanted = each == path or (each.suffix in PAGES | PROGRAMS and not is_hidden)
            if each.is_file() and is_wanted:
                found[each.absolute()] = None
    return list(found) if paths else None


def show(source: str, line: int, problem: str, form: str) -> str:
    """One line for a person, or for GitHub Actions: see its "workflow commands"."""
    if form == "text":
        # A terminal shall not obey the name of a file.
        return f"{one_line(source, _LONGEST_PATH)}:{line}: {problem}"
    file = _escape(source).replace(":", "%3A").replace(",", "%2C")
    return f"::warning file={file},line={line},title=refstatus lint::{_escape(problem)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def quotes_of(documents: Iterable[nodes.document]) -> Iterator[Quote]:
    """The sentences of pages that cite an item."""
    for document in documents:
        for source, passage in find_passages(document):
            for mention, sentence in cited_sentences(passage):
                yield Quote(mention.item, source, mention.line, sentence)
