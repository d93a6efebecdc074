"""Which numbers PEPs have, as their own site says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .http import Failure, HttpClient, Request, RequestError, decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from .http import Response


def ask_peps(address: str, *, max_wait: float, announce: Callable[[str], None]) -> frozenset[int]:
    """The numbers of all PEPs, by one request.

    :param address: of the site of the PEPs, without a slash at its end.
    :param max_wait: seconds that may be waited before the answer.
    :param announce: is told, in one line each, of every wait.
    :raises RequestError: there is no usable answer.
    :raises Stopped: nothing can be asked.
    """
    client = HttpClient(max_wait=max_wait, announce=announce)
    return client.fetch(Request(f"{address}/api/peps.json"), _read)


def _read(response: Response) -> frozenset[int]:
    numbers = decode(response, dict[str, Any])
    if not numbers or not all(key.isascii() and key.isdigit() for key in numbers):
        text = f"{response.host} answered something else than a list of PEPs"
        raise RequestError(Failure.CONNECTION, text)
    return frozenset(map(int, numbers))
