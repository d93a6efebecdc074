"""What became of the ids of bugs.python.org: asked once each, and kept for ever."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from ..snapshot import BpoRecord
from ..urls import make_url, parse_url
from .http import Failure, HttpClient, Request, RequestError
from .merge import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..model import Reference
    from .http import Response
    from .merge import Answers

#: Seconds from one request to the next. The server refuses more than 5 a second.
_PACE: Final = 0.25
#: Ids in one portion of answers.
_PORTION: Final = 20
#: Where the issues went, all of them.
_NEW_HOME: Final = "python/cpython"


def ask_bpo(
    references: Iterable[Reference],
    address: str,
    *,
    max_wait: float,
    announce: Callable[[str], None],
) -> Iterator[Answers]:
    """Which issue on GitHub each id became, in portions. Each is valid whatever comes after it.

    :param address: of the tracker, without a slash at its end.
    :param max_wait: seconds that may be waited before one answer.
    :param announce: is told of waits, in one line each.
    :raises Stopped: the tracker cannot be asked any more.
    """
    http = HttpClient(max_wait=max_wait, announce=announce)
    remaining = iter(dict.fromkeys(references))
    while portion := list(islice(remaining, _PORTION)):
        answers: Answers = {}
        try:
            for reference in portion:
                # From the answer to the next question: never too fast, whoever is slow.
                http.pause(_PACE)
                url = f"{address}/issue?@action=redirect&bpo={reference.number}"
                request, read = Request(url, accept="text/html"), partial(_read, reference)
                try:
                    answers[str(reference)] = http.fetch(request, read, expected={200, 302})
                except RequestError as error:
                    answers[str(reference)] = str(error)
        finally:
            # What was found before a limit or Ctrl-C is as good as the rest.
            yield answers


def _read(reference: Reference, response: Response) -> BpoRecord | NotFound:
    """What an answer of the tracker means. A redirect is not followed.

    The words are those of ``extensions/pydevutils.py`` in psf/bpo-tracker-cpython.

    :raises RequestError: it means nothing that is known.
    """
    key, number = str(reference), reference.number
    if response.status == 302:
        location = response.headers.get("location", "")
        issue = parse_url(location)
        # The one spelling that the tracker uses; until 2023 it had www.
        if (
            issue is not None
            and issue.reference.repository == _NEW_HOME
            and make_url(issue.reference) == location.replace("//www.", "//", 1)
            and "/issues/" in location
        ):
            return BpoRecord(key, github=str(issue.reference))
        problem = f"leads to something that is not an issue of {_NEW_HOME}"
    else:
        words = response.body[:1000].decode("utf-8", errors="replace")
        if f"There is no GitHub id for bpo-{number}." in words:
            return BpoRecord(key)
        if f"There is no bpo issue with id {number}." in words:
            return NotFound(f"{response.host} knows no such id")
        problem = "answered neither an issue on GitHub nor that there is none"
    raise RequestError(Failure.ITEM, f"{response.host} {problem}")
