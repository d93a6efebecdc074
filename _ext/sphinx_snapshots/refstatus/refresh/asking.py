"""Put the questions of a refresh to bugs.python.org and GitHub. Nothing of a build imports this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model import ItemKind, Reference
from ..snapshot import Snapshot
from .answers import Stopped
from .bpo import Bpo
from .github import GitHub, token_from_environment
from .merge import Round, Scope, day_of, items_to_ask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from contextlib import AbstractContextManager

    from .answers import Answers
    from .progress import Progress
    from .transport import Addresses


class Asking:
    """One refresh's way through the trackers.

    :param before: the snapshot so far.
    :param roots: what the site cites, or what a person named.
    :param max_wait: seconds that may be waited before one answer.
    :param waiting: is entered around every wait: whoever interrupts only there loses no answer.
    """

    def __init__(
        self,
        before: Snapshot,
        roots: Collection[Reference],
        scope: Scope,
        *,
        addresses: Addresses,
        max_wait: float,
        progress: Progress,
        waiting: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.round = Round()
        #: Why not everything was asked for, a sentence each.
        self.stops: list[str] = []
        self._before = before
        self._roots = roots
        self._scope = scope
        self._addresses = addresses
        self._max_wait = max_wait
        self._progress = progress
        self._waits = waiting
        self._asked: dict[Reference, None] = {}

    def run(self, environ: Mapping[str, str]) -> None:
        """Ask for everything; what was found so far is in ``round`` whatever happens.

        :param environ: where a token for GitHub may be.
        """
        self._note_questions()
        self._ask_bpo()
        # The ids have led to issues on GitHub by now.
        self._note_questions()
        self._ask_github(environ)

    def give_up(self, reason: str) -> None:
        """Name everything that has no answer yet."""
        self.stops.append(reason)
        self.round.give_up(list(self.round.waiting), reason)

    def _note_questions(self) -> None:
        known = Snapshot(self._before.header, {**self._before.records, **self.round.records})
        wanted = items_to_ask(known, self._roots, self._scope)
        new = [reference for reference in wanted if reference not in self._asked]
        self._asked.update(dict.fromkeys(new))
        self.round.ask(new)

    def _waiting(self, *, at_bpo: bool) -> list[Reference]:
        references = map(Reference.from_key, self.round.waiting)
        return [reference for reference in references if (reference.kind is ItemKind.BPO) == at_bpo]

    def _ask_bpo(self) -> None:
        references = self._waiting(at_bpo=True)
        if references:
            bpo = Bpo(
                self._addresses.bpo,
                max_wait=self._max_wait,
                announce=self._progress.announce,
                waiting=self._waits,
            )
            self._take(bpo.ask(references), references)

    def _ask_github(self, environ: Mapping[str, str]) -> None:
        references = self._waiting(at_bpo=False)
        if not references:
            return
        known = {str(r): self._before.records[str(r)] for r in references if self._has_record(r)}
        days = [day for record in known.values() if (day := day_of(record, self._before.header))]
        try:
            with self._waits():
                token = token_from_environment(environ, self._addresses)
        except Stopped as stopped:
            self._stop(str(stopped), references)
            return
        github = GitHub(
            self._addresses,
            token,
            max_wait=self._max_wait,
            announce=self._progress.announce,
            waiting=self._waits,
        )
        since = min(days, default=None)
        # Without a token, silence says that nothing is known to have changed: no news, and no
        # reason to move a date.
        silent = [] if token else list(known)
        self._take(github.ask(references, known=known, since=since), references, silent)

    def _has_record(self, reference: Reference) -> bool:
        return str(reference) in self._before.records

    def _take(
        self,
        answers: Iterable[Answers],
        references: Iterable[Reference],
        may_be_silent: Iterable[str] = (),
    ) -> None:
        """Take answers until there are no more, and settle what was asked."""
        self._progress.restart_clock(self._count_settled())
        try:
            for portion in answers:
                self.round.add(portion)
                self._progress.count(self._count_settled(), len(self._asked))
        except Stopped as stopped:
            self._stop(str(stopped), references)
        for key in may_be_silent:
            self.round.waiting.pop(key, None)
        self.round.give_up(map(str, references), "there was no answer")

    def _count_settled(self) -> int:
        return len(self._asked) - len(self.round.waiting)

    def _stop(self, reason: str, references: Iterable[Reference]) -> None:
        self.stops.append(reason)
        self.round.give_up(map(str, references), reason)
