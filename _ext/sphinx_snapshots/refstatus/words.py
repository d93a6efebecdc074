"""How items read: states, dates, kinds, in the language of the site."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec
from sphinx.util.i18n import format_date

from ..kit.translation import _, is_translated, ngettext
from .items import KINDS
from .model import Gap, State, Status, one_line, without_code

if TYPE_CHECKING:
    from collections.abc import Callable


# Stands for an item in a note.
_ITEM: Final = "\0"
_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


class Badge(msgspec.Struct, frozen=True, gc=False):
    """What a badge says.

    :param words: the state: ``merged, reverted``.
    :param description: one line for a tooltip or a screen reader: state, release, title, "as of".
    """

    status: Status
    words: str
    description: str


class Wording:
    """The words for one build.

    :param language: as in ``conf.py``: ``de``, ``pt_BR``.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        #: Whether pages are read from the right.
        self.is_right_to_left = language.partition("_")[0] in _RIGHT_TO_LEFT
        #: A date as the language of our words writes it; in English, where the order of day and
        #: month differs from place to place, as ISO 8601 does.
        self.day: Callable[[date], str] = lru_cache(maxsize=1_000)(self._name_day)
        # There are thousands of badges, and ten states.
        self._state = lru_cache(name_state)

    def badge(self, status: Status) -> Badge:
        """The badge of an item in this state."""
        words = text = self._state(status.state)
        if status.reverted_by:  # merged is not still there
            words = text = _("%s, reverted") % words
        if release := status.first_release:
            text = _("%(state)s, first in %(release)s") % {"state": text, "release": release}
        if status.title:
            title = without_code(one_line(status.title))  # a tooltip knows no code
            text = _("%(state)s: %(title)s") % {"state": text, "title": title}
        if status.state is State.UNKNOWN:
            text = f"{text}, {_name_gap(status.gap)}"
        if status.as_of:
            text = _("%(state)s (as of %(date)s)") % {"state": text, "date": self.day(status.as_of)}
        return Badge(status, words, text)

    def _name_day(self, day: date) -> str:
        if not is_translated():
            return day.isoformat()
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return format_date("%x", date=midnight, language=self._language)

    def events(self, status: Status) -> list[str]:
        """What is known to have happened when, a line each: ``opened 2020-05-05``."""
        lines = []
        is_commit = status.state is State.COMMIT
        if status.opened and not is_commit:
            lines.append(_("opened %s") % self.day(status.opened))
        if status.closed:
            day = self.day(status.closed)
            if is_commit:
                lines.append(_("committed %s") % day)
            elif status.state is State.MERGED:
                lines.append(_("merged %s") % day)
            else:
                lines.append(_("closed %s") % day)
        if status.first_release:
            lines.append(_("first in %s") % status.first_release)
        return lines


def name_state(state: State) -> str:
    """The word of a badge."""
    words = {
        State.OPEN: _("open"),
        State.DRAFT: _("draft"),
        State.COMPLETED: _("completed"),
        State.NOT_PLANNED: _("not planned"),
        State.DUPLICATE: _("duplicate"),
        State.CLOSED: _("closed"),
        State.MERGED: _("merged"),
        State.COMMIT: _("commit"),
        State.MISSING: _("missing"),
        State.UNKNOWN: _("unknown"),
    }
    return words[state]


def name_what_happened(
    status: Status, state: str, day: str, *, is_true: bool, is_clause: bool
) -> str:
    """What a note says of a text that was written while an item had a state; a null is the item.

    :param state: one of the words of ``WHILE`` in :mod:`.claims`.
    :param day: on which the snapshot was true; empty if that is not known.
    :param is_true: whether the item is still in that state.
    :param is_clause: whether the note stands in a sentence.
    """
    was = _("reverted") if state == "reverted" else name_state(State(state))
    if not is_true:
        words = _name_news(status)
        if not is_clause:
            words = _("%(news)s. This was written while it was %(state)s.") % {
                "news": words,
                "state": was,
            }
    elif is_clause:
        words = _("%(item)s, as of %(date)s") if day else "%(item)s"
    elif day:
        words = _("Written while %(item)s was %(state)s, as it still was on %(date)s.")
    else:
        words = _("Written while %(item)s was %(state)s.")
    for name, value in (("item", _ITEM), ("state", was), ("date", day)):
        words = words.replace(f"%({name})s", value)
    return words


def _name_news(status: Status) -> str:
    """What became of an item since, as a sentence without its end; ``%(item)s`` is the item."""
    if status.reverted_by:
        return _("%(item)s has since been reverted")
    if status.state is State.CLOSED and status.is_pull:
        return _("%(item)s has since been closed without a merge")
    words = {
        State.OPEN: _("%(item)s has since been opened again"),
        State.COMPLETED: _("%(item)s has since been closed as completed"),
        State.NOT_PLANNED: _("%(item)s has since been closed as not planned"),
        State.DUPLICATE: _("%(item)s has since been closed as a duplicate"),
        State.CLOSED: _("%(item)s has since been closed"),
        State.MERGED: _("%(item)s has since been merged"),
    }
    return words.get(status.state, _("%(item)s has another state now"))


def _name_gap(gap: Gap) -> str:
    words = {
        Gap.NO_RECORD: _("not in the snapshot yet"),
        Gap.NEVER_MOVED: _("never moved to GitHub"),
        Gap.CIRCLE: _("moved in a circle"),
    }
    return words[gap]


def count_state(state: State, number: int) -> str:
    """So many references are in a state: ``4 open``."""
    words = {
        State.OPEN: ngettext("%d open", "%d open", number),
        State.DRAFT: ngettext("%d draft", "%d draft", number),
        State.COMPLETED: ngettext("%d completed", "%d completed", number),
        State.NOT_PLANNED: ngettext("%d not planned", "%d not planned", number),
        State.DUPLICATE: ngettext("%d duplicate", "%d duplicate", number),
        State.CLOSED: ngettext("%d closed", "%d closed", number),
        State.MERGED: ngettext("%d merged", "%d merged", number),
        State.COMMIT: ngettext("%d commit", "%d commits", number),
        State.MISSING: ngettext("%d missing", "%d missing", number),
        State.UNKNOWN: ngettext("%d unknown", "%d unknown", number),
    }
    return words[state] % number


def name_kind(kind: str) -> str:
    """What an item is, for one of the ``KINDS`` of :mod:`.items`."""
    names = {
        "issue": _("issue"),
        "pull": _("pull request"),
        "commit": _("commit"),
        "unknown": _("unknown"),
    }
    return names[kind]


def name_kinds(kind: str) -> str:
    """The heading of all items of one of the ``KINDS``."""
    names = {
        "issue": _("Issues"),
        "pull": _("Pull requests"),
        "commit": _("Commits"),
        "unknown": _("Unknown"),
    }
    return names[kind]


def script_words() -> dict[str, object]:
    """The words that the filter's script needs, by the names that it has for them."""
    return {
        "filter": _("Filter the references"),
        "all": _("all"),
        "state": _("State"),
        "kind": _("Kind"),
        "repository": _("Repository"),
        "text": _("Text"),
        "count": _("References: %(shown)s of %(all)s"),
        "states": {state.replace(" ", "-"): name_state(state) for state in State},
        "kinds": {kind: name_kind(kind) for kind in KINDS},
    }
