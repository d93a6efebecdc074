"""Ask the same of a legacy and of an isolated interpreter, and report both answers in one line."""

from __future__ import annotations

import sys

from report import observe, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

#: The kinds of subinterpreters that Python code can make here.
KINDS = ("legacy",) if sys.version_info < (3, 9) else ("legacy", "isolated")


def result_of_each(function: Callable[..., object], *arguments: Any, **options: Any) -> None:
    """Call the function with ``isolated=False``, then True, and report what both calls show.

    The detail begins with ``both:``, or with ``legacy:`` if there is no isolated interpreter.

    :raises ValueError: if they show different things: that takes two probes.
    """
    seen = [observe(function, *arguments, isolated=kind == "isolated", **options) for kind in KINDS]
    if len(set(seen)) > 1:
        raise ValueError(f"the kinds differ: {dict(zip(KINDS, seen))}")
    outcome, detail = seen[0]
    say(outcome, f"{'legacy' if len(KINDS) == 1 else 'both'}: {detail}")
