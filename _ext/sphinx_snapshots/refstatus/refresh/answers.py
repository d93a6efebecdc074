"""What the trackers answered: what the network half hands to the half that merges. No network."""

from __future__ import annotations

from typing import NamedTuple

from ..snapshot import Record

__all__ = ["Answers", "Stopped"]


class Answers(NamedTuple):
    """What one exchange brought.

    :param records: by key: what the tracker says now. ``first_release``, ``reverted_by`` and
        ``as_of`` are never set here, and a missing item has no title: the merge keeps the old
        ones. A moved or renamed item has a moved record under the key that was asked, and the
        record of its new key. A commit that was asked by a part of its id has its full key.
    :param unanswered: by key that was asked: why there is no answer, as one short sentence. The
        old record stays.
    """

    records: dict[str, Record]
    unanswered: dict[str, str]


class Stopped(Exception):  # noqa: N818  stopping early is an outcome here, not a programming error
    """Nothing more can be asked: a limit, the token, the network.

    The text is one sentence for a person, and never holds a token.
    """
