"""All items that the site cites, each once, with the places that cite it. No output."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .collect import citation_domain
from .model import ItemKind, Reference, State, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sphinx.environment import BuildEnvironment

    from .collect import PageCitations, Place

#: In which order states are listed: what may still change comes first.
STATE_ORDER: Final = tuple(State)


@dataclass(frozen=True)
class CitedItem:
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


@dataclass
class _Collected:
    status: Status
    names: set[Reference] = field(default_factory=set)
    places: dict[tuple[str, Place], None] = field(default_factory=dict)


def collect_items(
    cited: Mapping[str, PageCitations],
    pages: Iterable[str],
    status_of: Callable[[Reference], Status],
) -> list[CitedItem]:
    """The items that ``pages`` cite, sorted by item.

    :param cited: docname to citations, as the domain keeps them.
    :param pages: docnames, in the order in which the places are to be named.
    :param status_of: the snapshot's answer for a reference.
    """
    collected: dict[Reference, _Collected] = {}
    for docname in pages:
        for key, places in cited.get(docname, {}).items():
            name = Reference.from_key(key)
            status = status_of(name)
            item = collected.setdefault(status.reference, _Collected(status))
            item.names.add(name)
            item.places.update(dict.fromkeys((docname, place) for place in places))
    return [
        CitedItem(item.status, tuple(sorted(item.names)), tuple(item.places))
        for _, item in sorted(collected.items())
    ]


def count_states(items: Iterable[CitedItem]) -> list[tuple[State, int]]:
    """How many items are in each state, in the order of ``STATE_ORDER``; no zeros."""
    counts = Counter(item.status.state for item in items)
    return [(state, counts[state]) for state in STATE_ORDER if counts[state]]


def pages_in_order(env: BuildEnvironment) -> list[str]:
    """The pages that cite something, in the order in which a reader meets them."""
    order = {docname: place for place, docname in enumerate(_walk_toctree(env))}
    cited = citation_domain(env).cited
    return sorted(cited, key=lambda docname: (order.get(docname, len(order)), docname))


def _walk_toctree(env: BuildEnvironment) -> Iterator[str]:
    seen = set()
    waiting = [env.config.root_doc]
    while waiting:
        docname = waiting.pop()
        if docname not in seen:
            seen.add(docname)
            yield docname
            waiting.extend(reversed(env.toctree_includes.get(docname, [])))
