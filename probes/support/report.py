"""Print the one line by which a probe tells its outcome: a JSON object with two strings.

What every probe imports is a large part of the time that it takes: so there are few imports here.
"""

from __future__ import annotations

import sys
from _json import encode_basestring_ascii  # the package imports much more

from child import Ended, Hung
from subinterpreter import Absent, Failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


def works(detail: object) -> None:
    """Report what was seen, as a short phrase that fits into the cell of a table."""
    say("works", str(detail))


def crashes(how: str) -> None:
    """Report the end of a process: ``"SIGABRT: Fatal Python error: ..."``."""
    say("crashes", how)


def hangs(what: str) -> None:
    """Report what does not end."""
    say("hangs", what)


def absent(what: str) -> None:
    """Report what this interpreter does not have: ``"no PyModExport"``."""
    say("absent", what)


def result_of(function: Callable[..., object], *arguments: Any, **options: Any) -> None:
    """Call the function and report what it returns or raises."""
    say(*observe(function, *arguments, **options))


def ending(process: Ended) -> None:
    """Report how a child process ended: the lines that it printed, if it ended as it should."""
    say(*_ending(process))


def observe(function: Callable[..., object], *arguments: Any, **options: Any) -> tuple[str, str]:
    """Call the function; return the outcome and the detail that tell what it returns or raises.

    An exception has the first line of its message; one raised inside a subinterpreter counts as if
    raised here.
    """
    try:
        result = function(*arguments, **options)
    except Absent as error:
        return "absent", str(error)
    except Hung as error:
        return "hangs", str(error)
    except Failed as error:
        return "raises", str(error).splitlines()[0]
    except BaseException as error:
        return "raises", f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
    if isinstance(result, Ended):
        return _ending(result)
    return "works", _in_one_line(str(result))


def _ending(process: Ended) -> tuple[str, str]:
    if process.crash:
        return "crashes", process.crash
    if process.exception:
        return "raises", process.exception
    if process.exit_status:
        return "raises", f"exit status {process.exit_status}"
    return "works", _in_one_line(process.stdout)


def _in_one_line(text: str) -> str:
    return ", ".join(filter(None, text.splitlines()))


def say(outcome: str, detail: str) -> None:
    """Print the line."""
    if "0x" in detail:
        # What differs from run to run and means nothing: addresses in messages.
        import re

        detail = re.sub(r"0x[0-9a-fA-F]{4,}", "0x…", detail)
    detail = encode_basestring_ascii(detail)
    sys.__stdout__.write(f'{{"outcome": "{outcome}", "detail": {detail}}}\n')
    sys.__stdout__.flush()
