"""The settings of this extension."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, ClassVar

from msgspec import Meta

from ..kit.settings import Settings, read_as, setting, strings

_weights = read_as(
    dict[str, Annotated[float, Meta(gt=0)]],
    "a dictionary such as {'about/*': 0.3}, with numbers above 0",
    lambda value: tuple(value.items()),
)


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list | tuple) or any(isinstance(group, str) for group in value):
        raise ValueError("a list of lists of words")
    return tuple(map(strings, value))


class SearchSettings(Settings):
    """What ``conf.py`` says.

    :param page_weights: pattern of docnames, and what hits there count; the first that fits.
    :param minor_headings: of the sections that rather lead elsewhere, such as "See also".
    :param synonyms: groups of words that mean nearly the same here: one finds the others, below
        itself.
    :param row_pages: patterns of the pages whose tables are lists: each row has a record of its
        own, which leads to what the last link in the row leads to.
    """

    prefix: ClassVar[str] = "snapshots_search"

    page_weights: tuple[tuple[str, float], ...] = setting({}, _weights)
    minor_headings: tuple[str, ...] = setting(["See also"], strings)
    synonyms: tuple[tuple[str, ...], ...] = setting([], _groups)
    row_pages: tuple[str, ...] = setting([], strings, "env")

    def weight_of(self, docname: str) -> float:
        """What a hit on this page counts, in parts of one on another."""
        found = (weight for pages, weight in self.page_weights if fnmatchcase(docname, pages))
        return next(found, 1.0)

    def has_rows(self, docname: str) -> bool:
        """Whether the tables of this page are lists of what readers look for."""
        return any(fnmatchcase(docname, pages) for pages in self.row_pages)
