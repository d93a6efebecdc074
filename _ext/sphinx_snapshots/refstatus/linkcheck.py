"""Which links are known to be good: those to items that the snapshot has a record of.

A refresh asked for these items, several hundred in a handful of requests. The builder ``linkcheck``
would ask for each again, one by one, until GitHub has enough of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .badges import AddBadges
from .collect import CitationDomain
from .model import Reference
from .roles import ITEM
from .urls import make_url, parse_url

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from .snapshot import Snapshot


class SpareKnownLinks(SphinxPostTransform):
    """Has linkcheck list the addresses of known items as ignored, and ask for all others."""

    # Behind the transform that gives links to items their final addresses.
    default_priority = AddBadges.default_priority + 1
    builders = ("linkcheck",)

    def run(self, **kwargs: Any) -> None:
        if self.config.refstatus_linkcheck_known:
            return
        snapshot = CitationDomain.of(self.env).snapshot
        addresses = {
            node["refuri"] for node in self.document.findall(nodes.reference) if ITEM in node
        }
        known = {f"{re.escape(uri)}\\Z" for uri in addresses if is_known(uri, snapshot)}
        new = known.difference(self.config.linkcheck_ignore)
        # A list of its own: what is in conf.py stays as it is.
        self.config.linkcheck_ignore = [*self.config.linkcheck_ignore, *sorted(new)]


def is_known(uri: str, snapshot: Snapshot) -> bool:
    """Whether ``uri`` is the address of an item's own page, and the page was there at the refresh.

    What is on the page (a comment, the files of a pull request) the snapshot does not know.
    """
    link = parse_url(uri)
    return link is not None and uri in _addresses(link.reference) and snapshot.knows(link.reference)


def _addresses(reference: Reference) -> tuple[str, str]:
    return make_url(reference), make_url(reference, is_pull=True)


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_config_value("refstatus_linkcheck_known", False, "", types=frozenset({bool}))
    app.add_post_transform(SpareKnownLinks)
