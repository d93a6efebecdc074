"""What became of the ids of bugs.python.org, and which PEPs there are: neither needs a token."""

from __future__ import annotations

import csv
import io
import math
import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from ..model import NUMBER_PATTERN
from ..snapshot import BpoRecord
from ..urls import make_url, parse_url
from .http import Failure, HttpClient, Request, RequestError, decode, in_words
from .merge import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..model import Reference
    from .http import Response
    from .merge import Answers

#: Seconds from one request to the next. The server refuses more than 5 a second.
_PACE: Final = 0.25
#: Ids in one portion of answers, if each is asked by itself, as so few always are.
_PORTION: Final = 20
#: Ids in one list.
_LIST: Final = 200
#: Where the issues went, all of them.
_NEW_HOME: Final = "python/cpython"


def count_requests(ids: int) -> int:
    """How many requests it takes to ask for so many ids: two for each list, or one for each id."""
    return ids if ids <= _PORTION else 2 * math.ceil(ids / _LIST)


def ask_bpo(
    references: Iterable[Reference],
    address: str,
    *,
    max_wait: float,
    announce: Callable[[str], None],
) -> Iterator[Answers]:
    """Which issue on GitHub each id became, in portions. Each is valid whatever comes after it.

    An id is asked for once, and its record kept for ever.

    :param address: of the tracker, without a slash at its end.
    :param max_wait: seconds that may be waited before one answer.
    :param announce: is told of waits, in one line each.
    :raises Stopped: the tracker cannot be asked any more.
    """
    http = HttpClient(max_wait=max_wait, announce=announce)
    wanted = {str(reference): reference for reference in references}
    if len(wanted) > _PORTION:
        try:
            for portion in _split(wanted.values(), _LIST):
                answers = _ask_for_list(http, address, portion)
                wanted = {key: item for key, item in wanted.items() if key not in answers}
                yield answers
        except RequestError as error:
            time = in_words(len(wanted) * _PACE)
            announce(f"{error}: {len(wanted)} ids are asked for one by one, in {time} or more")
    for portion in _split(wanted.values(), _PORTION):
        answers = {}
        try:
            for reference in portion:
                try:
                    answers[str(reference)] = _ask_for_one(http, address, reference)
                except RequestError as error:
                    answers[str(reference)] = str(error)
        finally:
            # What was found before a limit or Ctrl-C is as good as the rest.
            yield answers


def ask_peps(address: str, *, max_wait: float, announce: Callable[[str], None]) -> frozenset[int]:
    """The numbers of all PEPs, by one request.

    :param address: of the site of the PEPs, without a slash at its end.
    :param max_wait: seconds that may be waited before the answer.
    :param announce: is told, in one line each, of every wait.
    :raises RequestError: there is no usable answer.
    :raises Stopped: nothing can be asked.
    """
    http = HttpClient(max_wait=max_wait, announce=announce)
    return http.fetch(Request(f"{address}/api/peps.json"), _read_peps)


def _split(references: Iterable[Reference], size: int) -> Iterator[list[Reference]]:
    remaining = iter(references)
    while portion := list(islice(remaining, size)):
        yield portion


def _ask_for_one(http: HttpClient, address: str, reference: Reference) -> BpoRecord | NotFound:
    """What became of one id.

    :raises RequestError: no usable response.
    """
    # From the answer to the next question: never too fast, whoever is slow.
    http.pause(_PACE)
    url = f"{address}/issue?@action=redirect&bpo={reference.number}"
    request, read = Request(url, accept="text/html"), partial(_read, reference)
    return http.fetch(request, read, expected={200, 302})


def _ask_for_list(http: HttpClient, address: str, references: Sequence[Reference]) -> Answers:
    """Which issues those of the ids became that a list of the tracker has.

    :raises RequestError: there are no such lists, or they contradict what is told of one id.
    """
    http.pause(_PACE)
    ids = ",".join(str(reference.number) for reference in references)
    url = f"{address}/issue?@action=export_csv&@columns=id,github&@sort=id&@filter=id&id={ids}"
    request, read = Request(url, accept="text/csv"), partial(_read_list, references)
    answers = http.fetch(request, read, expected=range(200, 500))
    for reference in references:
        if str(reference) in answers:
            if _ask_for_one(http, address, reference) != answers[str(reference)]:
                raise RequestError(Failure.ITEM, f"the list of {reference} contradicts its page")
            break
    return answers


def _read_list(references: Iterable[Reference], response: Response) -> Answers:
    """The ids that were moved, of those in a list, which has the columns ``id`` and ``github``.

    Whatever else a line may say of an id, its page says it better.

    :raises RequestError: it is no such list.
    """
    wanted = {str(reference.number): str(reference) for reference in references}
    rows = csv.reader(io.StringIO(response.body.decode("utf-8", errors="replace"), newline=""))
    try:
        is_list = response.status == 200 and next(rows, None) == ["id", "github"]
        moved = dict(row for row in rows if len(row) == 2) if is_list else {}
    except csv.Error:
        is_list = False
    if not is_list:
        raise RequestError(Failure.ITEM, f"{response.host} gives no list of ids")
    return {
        key: BpoRecord(key, github=f"{_NEW_HOME}#{moved[number]}")
        for number, key in wanted.items()
        if re.fullmatch(NUMBER_PATTERN, moved.get(number, ""), re.ASCII)
    }


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


def _read_peps(response: Response) -> frozenset[int]:
    numbers = decode(response, dict[str, Any])
    if not numbers or not all(key.isascii() and key.isdigit() for key in numbers):
        text = f"{response.host} answered something else than a list of PEPs"
        raise RequestError(Failure.CONNECTION, text)
    return frozenset(map(int, numbers))
