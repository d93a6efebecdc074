"""All items that the site cites: collected, chosen, sorted, divided, counted. No output."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from .model import ItemKind, Reference, State
from .urls import BPO_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..kit.pages import Place
    from .model import Status

#: In which order states are listed: what may still change comes first.
STATE_ORDER: Final = tuple(State)
#: In which order kinds are listed.
KINDS: Final = ("issue", "pull", "commit", "unknown")
#: What a list can be sorted by; see :func:`sort_items`.
ORDERS: Final = ("state", "number", "opened", "closed")
#: What a list can be divided by; see :func:`group_items`.
GROUPINGS: Final = ("none", "state", "kind", "repository", "page")


class CitedItem(msgspec.Struct, frozen=True):
    """An item of the tracker as the site knows it.

    :param status: of the item itself: a bpo id and the issue it became are one item.
    :param names: under which references the site cites it, at least one, sorted.
    :param places: (docname, place) of each section that cites it, in the order of the site.
    """

    status: Status
    names: tuple[Reference, ...]
    places: tuple[tuple[str, Place], ...]

    @property
    def kind(self) -> str:
        """``"issue"``, ``"pull"``, ``"commit"``, or ``"unknown"`` where only a refresh can tell."""
        if self.status.reference.kind is ItemKind.COMMIT:
            return "commit"
        if self.status.reference.kind is ItemKind.BPO or self.status.is_pull is False:
            return "issue"
        return "pull" if self.status.is_pull else "unknown"

    @property
    def repository(self) -> str:
        """``owner/name`` in lower case, or the host of an item that GitHub does not have."""
        return self.status.reference.repository or BPO_HOST

    def on_page(self, docname: str) -> CitedItem:
        """The item with those places only that are on this page."""
        return msgspec.structs.replace(
            self, places=tuple(place for place in self.places if place[0] == docname)
        )


class Choice(msgspec.Struct, frozen=True):
    """Which items a list or summary is about; what is empty leaves none out.

    :param kinds: some of ``KINDS``.
    :param page: docname of the page that cites them; empty for all pages.
    :param sections: the ids on that page of the sections that cite them; None for all sections.
    """

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    page: str = ""
    sections: tuple[str, ...] | None = None

    def takes(self, item: CitedItem) -> bool:
        """Whether ``item``, which the page cites, is one of them."""
        return (
            (not self.kinds or item.kind in self.kinds)
            and (not self.states or item.status.state in self.states)
            and (
                self.sections is None
                or any(place.anchor in self.sections for _, place in item.places)
            )
        )


def collect_items(
    cited: Iterable[tuple[str, Place, str]], status_of: Callable[[Reference], Status]
) -> list[CitedItem]:
    """The items that pages cite, sorted by item.

    :param cited: page, place and key of all citations, in the order in which places are named.
    :param status_of: the snapshot's answer for an item.
    """
    places: dict[Reference, dict[tuple[str, Place], None]] = {}
    names: dict[Reference, list[Reference]] = {}
    statuses: dict[str, Status] = {}
    by_item: dict[Reference, Status] = {}
    for docname, place, key in cited:
        status = statuses.get(key)
        if status is None:
            name = Reference.from_key(key)
            status = statuses[key] = status_of(name)
            names.setdefault(status.reference, []).append(name)
            by_item.setdefault(status.reference, status)
            places.setdefault(status.reference, {})
        places[status.reference][docname, place] = None
    return [
        CitedItem(by_item[item], tuple(sorted(names[item])), tuple(found))
        for item, found in sorted(places.items())
    ]


def sort_items(items: Iterable[CitedItem], by: str, home: str) -> list[CitedItem]:
    """The items in one of the ``ORDERS``; what it leaves open follows the number.

    ``number``: by repository (``home`` first), then number; commits last, oldest first. ``state``:
    as in ``STATE_ORDER``. ``opened``: newest first; a commit counts by its date; what has no date
    is last. ``closed``: the same, and what is not closed follows, newest first.
    """

    def number(item: CitedItem) -> tuple[bool, str, bool, int, date, str]:
        reference = item.status.reference
        is_commit = reference.kind is ItemKind.COMMIT
        # A commit has no number, so that its date decides.
        day = item.status.opened or date.max
        is_elsewhere = item.repository != home
        return is_elsewhere, item.repository, is_commit, reference.number, day, reference.commit

    # Sorting is stable, also in reverse.
    result = sorted(items, key=number)
    if by == "state":
        result.sort(key=lambda item: STATE_ORDER.index(item.status.state))
    if by in {"opened", "closed"}:
        result.sort(key=lambda item: item.status.opened or date.min, reverse=True)
    if by == "closed":
        result.sort(key=lambda item: item.status.closed or date.min, reverse=True)
    return result


def group_items(
    items: Iterable[CitedItem], by: str, pages: Iterable[str], home: str
) -> list[tuple[str, list[CitedItem]]]:
    """The items divided by one of the ``GROUPINGS``: name and items of each group that has any.

    Each group keeps the order of ``items``. States and kinds come in their own orders,
    repositories by name (``home`` first), pages as in ``pages``. An item stands in the group of
    each page that cites it, there with that page's places only.

    :param by: ``none`` makes one group, whose name is empty.
    """
    found = list(items)
    if by == "page":
        cut = [(page, [item.on_page(page) for item in found]) for page in pages]
        groups = [(page, [item for item in parts if item.places]) for page, parts in cut]
        return [(page, members) for page, members in groups if members]
    choices: dict[str, tuple[Callable[[CitedItem], str], tuple[str, ...]]] = {
        "none": (lambda item: "", ()),
        "state": (lambda item: item.status.state, STATE_ORDER),
        "kind": (lambda item: item.kind, KINDS),
        "repository": (lambda item: item.repository, (home,)),
    }
    name_of, first = choices[by]
    divided: dict[str, list[CitedItem]] = {}
    for item in found:
        divided.setdefault(name_of(item), []).append(item)

    def place(name: str) -> tuple[int, str]:
        return (first.index(name) if name in first else len(first)), name

    return [(name, divided[name]) for name in sorted(divided, key=place)]


def count_states(items: Iterable[CitedItem]) -> list[tuple[State, int]]:
    """How many items are in each state, in the order of ``STATE_ORDER``; no zeros."""
    counts = Counter(item.status.state for item in items)
    return [(state, counts[state]) for state in STATE_ORDER if counts[state]]
