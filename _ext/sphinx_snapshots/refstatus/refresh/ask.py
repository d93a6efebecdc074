"""The loop of a refresh: ask, keep the answers, ask again. Nothing of a build imports this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model import ItemKind, Reference
from ..snapshot import CommitRecord, Record, Snapshot
from .bpo import Bpo
from .github import GitHub, token_from_environment
from .http import Stopped
from .merge import day_of, find_problem, find_record, is_news, items_to_ask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from .http import Addresses
    from .merge import Answers, Scope
    from .report import Progress


class Asking:
    """One refresh's way through the trackers.

    :param before: the snapshot so far.
    :param roots: what the site cites, or what a person named.
    :param environ: where a token for GitHub may be.
    :param max_wait: seconds that may be waited before one answer.
    """

    def __init__(
        self,
        before: Snapshot,
        roots: Collection[Reference],
        scope: Scope,
        *,
        addresses: Addresses,
        environ: Mapping[str, str],
        max_wait: float,
        progress: Progress,
    ) -> None:
        #: By key: what the trackers say now.
        self.found: dict[str, Record] = {}
        #: By key that was asked: why there is no answer.
        self.unanswered: dict[str, str] = {}
        #: Why not everything was asked for, a sentence each.
        self.stops: list[str] = []
        self._before = before
        self._roots = roots
        self._scope = scope
        self._addresses = addresses
        self._environ = environ
        self._max_wait = max_wait
        self._progress = progress
        self._asked: set[Reference] = set()
        #: What was asked and has neither an answer nor a reason yet, by key.
        self._open: dict[str, Reference] = {}

    def run(self, save: Callable[[], None]) -> None:
        """Ask for everything; what was found so far is in ``found`` whatever happens.

        :param save: is called after every portion of answers with news, so that no end is too soon.
            What it raises as ``Stopped`` ends the asking.
        """
        try:
            self._note_questions()
            self._ask(self._ask_bpo, is_bpo=True, save=save)
            # The ids have led to issues on GitHub by now.
            self._note_questions()
            self._ask(self._ask_github, is_bpo=False, save=save)
        except KeyboardInterrupt:
            self._stop("interrupted", list(self._open))

    def _note_questions(self) -> None:
        known = Snapshot(self._before.header, {**self._before.records, **self.found})
        wanted = items_to_ask(known, self._roots, self._scope)
        self._open.update((str(item), item) for item in wanted if item not in self._asked)
        self._asked.update(wanted)

    def _ask(
        self,
        tracker: Callable[[Sequence[Reference]], Iterator[Answers]],
        *,
        is_bpo: bool,
        save: Callable[[], None],
    ) -> None:
        """Take a tracker's answers until there are no more, and settle what it was asked."""
        wanted = [item for item in self._open.values() if (item.kind is ItemKind.BPO) == is_bpo]
        keys = list(map(str, wanted))
        if not wanted:
            return
        try:
            for answers in tracker(wanted):
                news = [self._take(key, answer) for key, answer in answers.items()]
                if any(news):
                    save()
                self._progress.count(len(self._asked) - len(self._open), len(self._asked))
        except Stopped as stopped:
            self._stop(str(stopped), keys)
        # Silence says that nothing is known to have changed: no news.
        for key in keys:
            self._open.pop(key, None)

    def _ask_bpo(self, items: Sequence[Reference]) -> Iterator[Answers]:
        announce = self._progress.announce
        bpo = Bpo(self._addresses.bpo, max_wait=self._max_wait, announce=announce)
        return bpo.ask(items)

    def _ask_github(self, items: Sequence[Reference]) -> Iterator[Answers]:
        token = token_from_environment(self._environ, self._addresses)
        announce = self._progress.announce
        github = GitHub(self._addresses, token, max_wait=self._max_wait, announce=announce)
        records = [record for item in items if (record := find_record(self._before, item))]
        days = [day for record in records if (day := day_of(record, self._before.header))]
        known = {record.key for record in records}
        return github.ask(items, known=known, since=min(days, default=None))

    def _take(self, key: str, answer: Record | str) -> bool:
        """Keep an answer, as far as the snapshot can hold it; whether it is news."""
        if not isinstance(answer, str):
            problem = find_problem(key, answer)
            answer = f"the answer cannot be kept: {problem}" if problem else answer
        self._open.pop(key, None)
        if isinstance(answer, str):
            self.unanswered[key] = answer
            return False
        self.found[key] = answer
        self.unanswered.pop(key, None)
        for part in self._parts_of(answer):
            del self._open[part]
        return is_news(self._before.records.get(key), answer)

    def _parts_of(self, record: Record) -> list[str]:
        """The open questions by a part of the id of the commit that ``record`` is about."""
        if not isinstance(record, CommitRecord):
            return []
        shortest = record.key.index("@") + 2
        parts = (record.key[:length] for length in range(shortest, len(record.key)))
        return [part for part in parts if part in self._open]

    def _stop(self, reason: str, keys: Iterable[str]) -> None:
        """Note why nothing more was asked, for all of ``keys`` that are open."""
        self.stops.append(reason)
        for key in keys:
            if self._open.pop(key, None):
                self.unanswered[key] = reason
