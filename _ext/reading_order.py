"""The order in which a reader meets the pages of a site: that of its toctrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.environment import BuildEnvironment

__all__ = ["in_reading_order", "walk_toctrees"]


def in_reading_order(docnames: Iterable[str], env: BuildEnvironment) -> list[str]:
    """The pages as the toctrees have them; those in no toctree follow, sorted by name."""
    order = {docname: place for place, docname in enumerate(walk_toctrees(env))}
    return sorted(docnames, key=lambda docname: (order.get(docname, len(order)), docname))


def walk_toctrees(env: BuildEnvironment) -> Iterator[str]:
    """The pages that the toctrees lead to, in their order, each once."""
    seen = set()
    waiting = [env.config.root_doc]
    while waiting:
        docname = waiting.pop()
        if docname not in seen:
            seen.add(docname)
            yield docname
            waiting.extend(reversed(env.toctree_includes.get(docname, [])))
