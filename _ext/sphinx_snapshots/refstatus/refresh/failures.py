"""What can go wrong when a server is asked, and what is done about it. No network."""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MAX_WAIT", "POLICIES", "Failed", "Policy", "Problem", "asked_wait", "in_words"]


#: Seconds that may be waited before one answer, where nobody says otherwise.
MAX_WAIT: Final = 900


class Problem(Enum):
    """Why an exchange brought no usable answer."""

    #: The server does not know the token.
    TOKEN = auto()
    #: The token is known and not allowed to.
    FORBIDDEN = auto()
    #: The points or requests of this hour are used up.
    LIMIT = auto()
    #: Too much in too short a time ("secondary rate limit").
    TOO_FAST = auto()
    #: 5xx.
    SERVER = auto()
    #: 502 and 504: the server gave up on this question.
    GAVE_UP = auto()
    #: GitHub's "Something went wrong while executing your query".
    HICCUP = auto()
    #: The question costs more than the server is willing to spend.
    TOO_MUCH = auto()
    #: No connection, or one that broke.
    CONNECTION = auto()
    #: No complete answer within the time limit.
    NO_ANSWER = auto()
    #: An answer that is not what the protocol says.
    NONSENSE = auto()
    #: An answer that makes sense, and none to this question.
    UNEXPECTED = auto()
    #: An answer larger than any that is right.
    TOO_LARGE = auto()
    #: A redirect where none belongs.
    REDIRECT = auto()
    #: The question itself is wrong: our mistake, or an API that changed.
    REFUSED = auto()
    #: The server cannot prove who it is.
    CERTIFICATE = auto()


class Policy(NamedTuple):
    """What is done about a problem.

    :param attempts: how often in all the same request is sent.
    :param pause: seconds before the second attempt, doubled for each one after it; counts only
        where the server does not say how long to wait.
    :param may_be_the_items: whether other items may have better luck. Then the caller asks for
        fewer at once and leaves out what cannot be had; otherwise nothing more is asked.
    """

    attempts: int = 1
    pause: float = 0
    may_be_the_items: bool = False


#: GitHub asks for a minute at least where it gives no time ("Rate limits and query limits for the
#: GraphQL API", "Exceeding the rate limit", in its documentation).
POLICIES: Final = {
    Problem.TOKEN: Policy(),
    Problem.FORBIDDEN: Policy(may_be_the_items=True),
    Problem.LIMIT: Policy(attempts=3, pause=60),
    Problem.TOO_FAST: Policy(attempts=4, pause=60),
    Problem.SERVER: Policy(attempts=4, pause=1, may_be_the_items=True),
    Problem.GAVE_UP: Policy(attempts=2, pause=1, may_be_the_items=True),
    Problem.HICCUP: Policy(attempts=2, pause=1, may_be_the_items=True),
    Problem.TOO_MUCH: Policy(may_be_the_items=True),
    Problem.CONNECTION: Policy(attempts=4, pause=1),
    Problem.NO_ANSWER: Policy(attempts=3, pause=1),
    Problem.NONSENSE: Policy(attempts=4, pause=1),
    Problem.UNEXPECTED: Policy(may_be_the_items=True),
    Problem.TOO_LARGE: Policy(),
    Problem.REDIRECT: Policy(),
    Problem.REFUSED: Policy(),
    Problem.CERTIFICATE: Policy(),
}


class Failed(Exception):  # noqa: N818  an outcome that is planned for, not a programming error
    """An exchange brought no usable answer. The text says who did what, without a full stop.

    :param wait: seconds that the server asks to wait; None where it does not say.
    """

    def __init__(self, problem: Problem, text: str, wait: float | None = None) -> None:
        super().__init__(text)
        self.problem = problem
        self.wait = wait

    @property
    def policy(self) -> Policy:
        """What is done about it."""
        return POLICIES[self.problem]

    def seconds_before(self, attempt: int) -> float:
        """How long to wait before attempt number ``attempt``, which is 2 or more."""
        if self.wait is not None:
            return self.wait
        return float(self.policy.pause * 2 ** (attempt - 2))


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that an answer asks to wait before the next request; None where it does not say.

    Times are compared with the server's own clock where it sends one: ours may be wrong.

    :param headers: the headers, in any case of letters.
    :param now: seconds since the epoch.
    """
    now = _date(headers.get("date", ""), now)
    after = headers.get("retry-after", "").strip()
    if _is_count(after):
        return float(after)
    if after and (until := _date(after, math.nan)) > 0:
        return max(1.0, until - now)
    reset = headers.get("x-ratelimit-reset", "").strip()
    if headers.get("x-ratelimit-remaining", "").strip() == "0" and _is_count(reset):
        return max(1.0, float(reset) - now)
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _date(text: str, default: float) -> float:
    """Seconds since the epoch that an HTTP date means."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return default


def in_words(seconds: float) -> str:
    """A time as people say it: ``2 s``, ``15 min``, ``1 h 5 min``; never less than it is."""
    whole = math.ceil(seconds)
    if whole < 120:
        return f"{whole} s"
    hours, minutes = divmod(math.ceil(whole / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
