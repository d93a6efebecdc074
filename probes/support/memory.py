"""See whether the memory of this process grows when interpreters are made and closed."""

from __future__ import annotations

import resource

from report import result_of
from subinterpreter import Interpreter


def _resident() -> int:
    """The memory of this process that is in use, in kB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def report_growth(*, isolated: bool) -> None:
    """Make and close 20 interpreters, after five others, and report what each leaves, roughly."""
    result_of(_growth, isolated=isolated)


def _growth(*, isolated: bool) -> str:
    before = 0
    for count in range(25):
        if count == 5:
            before = _resident()
        with Interpreter(isolated=isolated) as interpreter:
            interpreter.run("import json")
    kilobytes = (_resident() - before) / 20
    if kilobytes < 40:
        return "less than 40 kB each"
    return "more than 1,000 kB each" if kilobytes > 1000 else "40 to 1,000 kB each"
