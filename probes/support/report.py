"""Print the one line by which a probe tells its outcome: a JSON object with two strings."""

from __future__ import annotations

import json
import re
import sys
from typing import Any, Callable

from child import Ended, Hung
from subinterpreter import Absent, Failed

#: What differs from run to run and means nothing: addresses in messages.
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")


def works(detail: object) -> None:
    """Report what was seen, as a short phrase that fits into the cell of a table."""
    _print("works", str(detail))


def raises(error: BaseException) -> None:
    """Report an exception, with the first line of its message.

    One raised inside a subinterpreter counts as if raised here.
    """
    if isinstance(error, Failed):
        text = str(error)
    else:
        text = f"{type(error).__name__}: {error}".rstrip(": ")
    _print("raises", text.splitlines()[0])


def crashes(how: str) -> None:
    """Report the end of a process: ``"SIGABRT: Fatal Python error: ..."``."""
    _print("crashes", how)


def hangs(what: str) -> None:
    """Report what does not end."""
    _print("hangs", what)


def absent(what: str) -> None:
    """Report what this interpreter does not have: ``"no PyModExport"``."""
    _print("absent", what)


def result_of(function: Callable[..., object], *arguments: Any, **options: Any) -> None:
    """Call the function and report what it returns or raises."""
    try:
        result = function(*arguments, **options)
    except Absent as error:
        absent(str(error))
    except Hung as error:
        hangs(str(error))
    except BaseException as error:
        raises(error)
    else:
        if isinstance(result, Ended):
            ending(result)
        else:
            works(_in_one_line(str(result)))


def ending(process: Ended) -> None:
    """Report how a child process ended: the lines that it printed, if it ended as it should."""
    if process.crash:
        crashes(process.crash)
    elif process.exception:
        _print("raises", process.exception)
    elif process.exit_status:
        _print("raises", f"exit status {process.exit_status}")
    else:
        works(_in_one_line(process.stdout))


def _in_one_line(text: str) -> str:
    return ", ".join(filter(None, text.splitlines()))


def _print(outcome: str, detail: str) -> None:
    line = {"outcome": outcome, "detail": _ADDRESS.sub("0x…", detail)}
    sys.__stdout__.write(json.dumps(line) + "\n")
    sys.__stdout__.flush()
