"""What each page has that readers may look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..kit.pages import PageDomain, Place, Record
from .reading import complete, first_ids, read_records, target_of
from .settings import SearchSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class SearchDomain(PageDomain):
    """Keeps the records of each page."""

    name = "snapshots_search"
    label = "search"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}, "anchors": {}}
    data_version = 3

    #: Docname to records, in the order of the page.
    pages: dict[str, tuple[Record, ...]]
    #: Docname to each further id of a section there, and the first one, which we use.
    anchors: dict[str, dict[str, str]]

    # Not part of the pickled data: set for each build before anything is read.
    settings: SearchSettings

    def load(self, app: Sphinx) -> None:
        """Keep the settings."""
        self.settings = SearchSettings.of(app.config)

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note a page that was read."""
        self.anchors[docname] = first_ids(document)
        has_rows = self.settings.has_rows(docname)
        self.pages[docname] = tuple(read_records(document, docname, has_rows=has_rows))

    def all_records(self) -> Iterator[Record]:
        """The records of all pages, then those that other extensions of this package have.

        What another extension speaks for is no section for us, even if it is one on its page.
        """
        others = [
            record
            for domain in self.env.domains.values()
            if isinstance(domain, PageDomain)
            for record in domain.records()
        ]
        told = {(record.docname, record.anchor) for record in others}
        for docname in self.in_reading_order(self.pages):
            for record in map(self._complete, self.pages[docname]):
                is_told = record.kind == "section" and (docname, record.anchor) in told
                if not is_told and self.is_here(Place("", "", record.only)):
                    yield record
        yield from others

    def _complete(self, record: Record) -> Record:
        """A record with the titles and the place of what it leads to."""
        docname, anchor = record.docname, record.anchor
        if target := target_of(anchor):
            docname, anchor = self._place_of(target) or (docname, "")
        title, text = (complete(each, self._title_of) for each in (record.title, record.text))
        return record._replace(docname=docname, anchor=anchor, title=title, text=text)

    def _place_of(self, target: str) -> tuple[str, str] | None:
        """Docname and anchor of what a link leads to, as its record has them; None if nowhere."""
        docname, anchor = target[1:], ""
        if not target.startswith("/"):
            docname, anchor, _title = self._labels.get(target.lower(), ("", "", ""))
            anchor = self.anchors.get(docname, {}).get(anchor, anchor)
        return (docname, anchor) if docname in self.env.titles else None

    def _title_of(self, target: str) -> str:
        if target.startswith("/"):
            title = self.env.titles.get(target[1:])
            return title.astext() if title is not None else ""
        return self._labels.get(target.lower(), ("", "", ""))[2]

    @property
    def _labels(self) -> dict[str, tuple[str, str, str]]:
        labels: dict[str, tuple[str, str, str]] = self.env.domaindata["std"]["labels"]
        return labels
