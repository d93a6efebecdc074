"""What people type into the search field, and what answers it: ``tests/site/queries.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sections import Section

FILE = Path(__file__).parent / "site/queries.toml"


class Query(NamedTuple):
    """What somebody may type.

    :param part: ``"tuned"``; ``"kept"`` if the ranking was made without it; or ``"strangers"``.
    :param kind: such as ``"message"``.
    :param right: labels, or addresses (docname and anchor), of what answers it.
    """

    part: str
    kind: str
    text: str
    right: tuple[str, ...]


def read_queries() -> list[Query]:
    """All queries, in the order of the file."""
    parts = tomllib.loads(FILE.read_text("utf-8"))
    return [
        Query(part, kind, text, tuple(right))
        for part, kinds in parts.items()
        for kind, queries in kinds.items()
        for text, right in queries.items()
    ]


class Places:
    """Where things stand on the site.

    :param sections: all of them.
    :param labels: name to docname and anchor.
    """

    def __init__(
        self, sections: Sequence[Section], labels: Mapping[str, tuple[str, str, str]]
    ) -> None:
        self._labels = labels
        self._ids: dict[str, list[frozenset[str]]] = {}
        for section in sections:
            self._ids.setdefault(section.page, []).append(section.ids)

    def addresses(self, name: str) -> Iterator[str]:
        """All addresses of what a query names: of a section, those of whatever stands in it.

        :raises KeyError: it is not there.
        """
        docname, _, anchor = name.partition("#")
        if not anchor:
            docname, anchor, _title = self._labels[name]
        page = f"{docname}.html"
        sections = self._ids[page]
        found = [ids for ids in sections if anchor in ids]
        if not found:
            raise KeyError(name)
        # Read from the inside out: the last one is the page itself.
        if found[0] is sections[-1] and "#" not in name:
            yield page
        ids = found[0] if "#" not in name else {anchor}
        yield from (f"{page}#{each}" for each in sorted(ids))


def reciprocal_ranks(right: set[str], found: Sequence[str]) -> tuple[float, float]:
    """One divided by the place of the first right page, and of the first right section."""
    pages = {address.partition("#")[0] for address in right}
    of_page = (place for place, each in enumerate(found, 1) if each.partition("#")[0] in pages)
    of_section = (place for place, each in enumerate(found, 1) if each in right)
    places = next(of_page, 0), next(of_section, 0)
    return places[0] and 1 / places[0], places[1] and 1 / places[1]
