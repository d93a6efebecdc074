"""The loop of a refresh: ask, keep the answers, ask again. Nothing of a build imports this."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ..model import ItemKind, Reference
from ..snapshot import CommitRecord, MissingRecord, Snapshot
from ..urls import BPO_HOST
from . import github, python_org
from .http import Stopped, in_words
from .merge import (
    NotFound,
    find_problem,
    is_good,
    is_news,
    items_to_ask,
    judge_absences,
    on_host,
    records_of,
)
from .report import tell, tell_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ..snapshot import Record
    from .http import Addresses
    from .merge import Answers, Scope


def _tracker_of(item: Reference) -> str:
    return BPO_HOST if item.kind is ItemKind.BPO else item.host


#: Seconds that a request takes, a pause before it included: not less, or the promise is broken.
_PACE: Final = 2
#: Requests that nobody minds.
_FEW: Final = 8


def _tell_how_long(items: Collection[Reference]) -> None:
    """Say how long it will take to ask for all of these, if that is long."""
    ids = sum(item.kind is ItemKind.BPO for item in items)
    # Each id becomes an issue that is asked for, too.
    requests = python_org.count_requests(ids) + math.ceil(len(items) / github.BATCH)
    if requests > _FEW:
        time = in_words(requests * _PACE)
        tell(
            f"asking for {len(items)} items, {ids} of them ids of bugs.python.org: with a token "
            f"at least {requests} requests of about {_PACE} s each, {time} in all"
        )


def ask(
    before: Snapshot,
    roots: Collection[Reference],
    scope: Scope,
    *,
    addresses: Mapping[str, Addresses],
    environ: Mapping[str, str],
    private: Collection[str],
    max_wait: float,
    believe_missing: bool,
    save: Callable[[Answers], str | None],
) -> tuple[Answers, list[str]]:
    """All answers so far, whatever ended the asking, and why it ended early, a sentence each.

    :param before: the snapshot so far.
    :param roots: what the site cites, or what a person named.
    :param addresses: of each further host that speaks GitHub's API, and under an empty name the
        usual ones.
    :param environ: where tokens may be.
    :param private: private repositories whose titles may be recorded, or ``*`` for all.
    :param max_wait: seconds that may be waited before one answer.
    :param believe_missing: whether what is not found is missing, however much of it there is.
    :param save: gets the answers so far after every portion with news, so that no end is too soon.
        A sentence on why they cannot be saved ends the asking.
    """
    answers: Answers = {}
    stops: list[str] = []
    asked: set[str] = set()
    # What was asked and has neither an answer nor a reason yet, by key.
    waiting: dict[str, Reference] = {}
    refused = 0

    def tell_count(text: str = "") -> None:
        tell_progress(len(asked) - len(waiting) - refused, len(asked), text)

    def ask_old_tracker(items: Sequence[Reference]) -> Iterator[Answers]:
        return python_org.ask_bpo(items, addresses[""].bpo, max_wait=max_wait, announce=tell_count)

    def ask_github(host: str, items: Sequence[Reference]) -> Iterator[Answers]:
        place = f"{host}/" if host else ""
        token = github.token_from_environment(environ, addresses[host], host)
        client = github.GitHub(
            addresses[host],
            token,
            private={name.removeprefix(place) for name in private if name.startswith((place, "*"))},
            max_wait=max_wait,
            announce=lambda text: tell_count(f"{host}: {text}" if host else text),
        )
        records = [record for item in items if (record := before.find(item))]
        days = [day for record in records if (day := before.as_of(record))]
        # There nobody knows of other hosts.
        local = [replace(i, repository=i.repository.removeprefix(place)) for i in items]
        known = {record.key.removeprefix(place) for record in records}
        for portion in client.ask(local, known=known, since=min(days, default=None)):
            yield on_host(place, portion)

    def take(key: str, answer: Record | str) -> bool:
        """Keep an answer, as far as the snapshot can hold it; whether it is news."""
        nonlocal refused
        was_waiting = waiting.pop(key, None) is not None
        old = before.records.get(key)
        if isinstance(answer, NotFound) and (believe_missing or not is_good(old)):
            answer = MissingRecord(key)
        if not isinstance(answer, str) and (problem := find_problem(key, answer)):
            answer = f"the answer cannot be kept: {problem}"
        if isinstance(answer, str):
            answers.setdefault(key, answer)
            refused += was_waiting and not isinstance(answer, NotFound)
            return False
        answers[key] = answer
        if isinstance(answer, CommitRecord):
            # It may have been asked for by a part of its id.
            for end in range(key.index("@") + 2, len(key)):
                waiting.pop(key[:end], None)
        return is_news(old, answer)

    _tell_how_long(items_to_ask(before, roots, scope))
    # The old tracker first: its ids lead to issues on GitHub.
    for tracker in (BPO_HOST, *addresses):
        try:
            known = Snapshot(before.header, {**before.records, **records_of(answers)})
            wanted = {str(item): item for item in items_to_ask(known, roots, scope)}
            asked |= wanted.keys()
            waiting = {key: item for key, item in wanted.items() if key not in answers}
            group = [item for item in waiting.values() if _tracker_of(item) == tracker]
            if not group:
                continue
            is_bpo = tracker == BPO_HOST
            for portion in ask_old_tracker(group) if is_bpo else ask_github(tracker, group):
                news = [take(key, answer) for key, answer in portion.items()]
                if any(news) and (problem := save(answers)):
                    raise Stopped(problem)
                tell_count()
        except Stopped as stopped:
            stops.append(str(stopped))
            unanswered = (key for key in map(str, group) if key in waiting)
            answers |= dict.fromkeys(unanswered, str(stopped))
        except KeyboardInterrupt:
            stops.append("interrupted")
            answers |= dict.fromkeys(waiting, "interrupted")
            break
    for key, item in waiting.items():
        if item.host not in addresses:
            answers.setdefault(key, f"{item.host} is not in refstatus_github_hosts of conf.py")
    if asked and sys.stderr.isatty():
        tell("")  # the count stays
    return judge_absences(before.records, answers), stops
