"""What the committed files say of an address, so that nobody needs to be asked. No network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .linklist import PEPS, LinkList, parse_file_url, parse_pep_url
from .model import State
from .snapshot import MissingRecord, MovedRecord, Snapshot
from .urls import ItemLink, is_own_page, make_url, parse_url
from .verdicts import Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Status of a link that something committed vouches for, beside those of Sphinx.
VERIFIED: Final = "verified"


@dataclass(frozen=True)
class Vouchers:
    """All that can vouch for an address.

    :param names: addresses of the inventories of other documentation, each with whose name it is
        and in which inventory.
    :param hosts: further hosts that count as GitHub.
    """

    snapshot: Snapshot
    links: LinkList
    names: Mapping[str, str]
    hosts: frozenset[str]

    def ask(self, uri: str) -> Seen | None:
        """What is known of ``uri``, and who says so; None where nobody vouches for it."""
        if link := parse_url(uri, self.hosts):
            return self._ask_snapshot(link) if is_own_page(uri, link) else None
        if name := self.names.get(uri):
            return Seen(VERIFIED, words=f"verified: {name}")
        number = parse_pep_url(uri)
        if number is not None and number in self.links.peps:
            words = f"verified: PEP {number}, list of {PEPS} of {self.links.peps_as_of}"
            return Seen(VERIFIED, words=words)
        file = parse_file_url(uri, self.hosts)
        record = self.links.checked(file) if file else None
        if record is None:
            return None
        how = f"by {record.by}" if record.by else "with git"
        words = f"verified: {file}, checked {how} on {record.checked}"
        return Seen(VERIFIED, words=words + _unchecked(uri.partition("#")[2]))

    def _ask_snapshot(self, link: ItemLink) -> Seen | None:
        item, fragment = link
        record = self.snapshot.find(item)
        if record is None:
            return None
        words = f"{item}, snapshot of {self.snapshot.as_of(record)}"
        if isinstance(record, MissingRecord):
            return Seen("broken", words=f"missing: {words}")
        if not isinstance(record, MovedRecord):
            return Seen(VERIFIED, words=f"verified: {words}{_unchecked(fragment)}")
        status = self.snapshot.status(item)
        if status.state is State.MISSING:
            return Seen("broken", words=f"missing: {words}: it moved to {status.reference}")
        if status.state is State.UNKNOWN:
            return None
        target = make_url(status.reference, fragment, is_pull=bool(status.is_pull))
        return Seen("redirected", target, words=f"moved: {words}")


def _unchecked(fragment: str) -> str:
    """Words for the place on a page, of which the committed files know nothing."""
    return f"; #{fragment} on it is not checked" if fragment else ""
