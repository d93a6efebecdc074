"""What became of the ids of bugs.python.org: asked once each, and kept for ever."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from ..snapshot import BpoRecord, MissingRecord, Record
from ..urls import make_url, parse_url
from .http import Failure, HttpClient, Request, RequestError

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


class Bpo:
    """Asks bugs.python.org which issue on GitHub an id became.

    :param address: of the tracker, without a slash at its end.
    :param max_wait: seconds that may be waited before one answer.
    :param announce: is told of waits, in one line each.
    """

    def __init__(self, address: str, *, max_wait: float, announce: Callable[[str], None]) -> None:
        self._address = address
        self._http = HttpClient(max_wait=max_wait, announce=announce)

    def ask(self, references: Iterable[Reference]) -> Iterator[Answers]:
        """What became of ``references``, in portions. Each is valid whatever comes after it.

        :raises Stopped: the tracker cannot be asked any more.
        """
        remaining = iter(dict.fromkeys(references))
        while portion := list(islice(remaining, _PORTION)):
            answers: Answers = {}
            try:
                for reference in portion:
                    answers[str(reference)] = self._ask(reference)
            finally:
                # What was found before a limit or Ctrl-C is as good as the rest.
                yield answers

    def _ask(self, reference: Reference) -> Record | str:
        # From the answer to the next question: never too fast, whoever is slow.
        self._http.pause(_PACE)
        url = f"{self._address}/issue?@action=redirect&bpo={reference.number}"
        try:
            return self._http.fetch(
                Request(url, accept="text/html"), partial(_read, reference), expected={200, 302}
            )
        except RequestError as error:
            return str(error)


def _read(reference: Reference, response: Response) -> BpoRecord | MissingRecord:
    """What an answer of the tracker means.

    The words are those of ``extensions/pydevutils.py`` in psf/bpo-tracker-cpython.

    :raises RequestError: it means nothing that is known.
    """
    key, number = str(reference), reference.number
    if response.status == 302:
        return BpoRecord(key, github=_read_location(response))
    words = response.body[:1000].decode("utf-8", errors="replace")
    if f"There is no GitHub id for bpo-{number}." in words:
        return BpoRecord(key)
    if f"There is no bpo issue with id {number}." in words:
        return MissingRecord(key)
    text = f"{response.host} answered neither an issue on GitHub nor that there is none"
    raise RequestError(Failure.ITEM, text)


def _read_location(response: Response) -> str:
    """The key of the issue that a redirect leads to. It is not followed.

    :raises RequestError: it leads elsewhere.
    """
    location = response.headers.get("location", "")
    link = parse_url(location)
    # The one spelling that the tracker uses; until 2023 it had www.
    if (
        link is None
        or link.reference.repository != _NEW_HOME
        or make_url(link.reference) != location.replace("//www.", "//", 1)
        or "/issues/" not in location
    ):
        text = f"{response.host} leads to something that is not an issue of {_NEW_HOME}"
        raise RequestError(Failure.ITEM, text)
    return str(link.reference)
