"""See whether an object of the main interpreter is also the one of a subinterpreter."""

from __future__ import annotations

import sys  # noqa: F401  (for the expressions)

from kinds import KINDS
from report import works
from subinterpreter import Interpreter


def report_identity(*expressions: str) -> None:
    """Report whether the main interpreter and a new one have the same objects, or each its own.

    A legacy and an isolated interpreter are asked, as far as this Python has them.

    :param expressions: Python expressions; the answers for all of them must agree.
    :raises ValueError: if they do not.
    """
    answers = [_compare(expressions, isolated=kind == "isolated") for kind in KINDS]
    if len(set(answers)) == 1:
        works(answers[0])
    else:
        works(", ".join(f"{kind}: {answer}" for kind, answer in zip(KINDS, answers)))


def _compare(expressions: tuple[str, ...], *, isolated: bool) -> str:
    # They stay alive until the other interpreter has ended, so no id is used twice.
    objects = [eval(expression) for expression in expressions]
    with Interpreter(isolated=isolated) as interpreter:
        ids = [interpreter.run(f"print(id({expression}))") for expression in expressions]
    answers = {id(mine) == int(other) for mine, other in zip(objects, ids)}
    if len(answers) != 1:
        raise ValueError(f"some of {expressions} are shared and some are not")
    return "shared" if answers.pop() else "own in each"
