"""A list cannot be handed to a subinterpreter by the private modules: it is not shareable."""

import sys

import report

NAMES = {"numbers": [1, 2]}

if sys.version_info >= (3, 13):
    import _interpreters

    interpreter = _interpreters.create()
    report.result_of(_interpreters.set___main___attrs, interpreter, NAMES)
    _interpreters.destroy(interpreter)
else:
    import _xxsubinterpreters

    interpreter = _xxsubinterpreters.create()
    report.result_of(_xxsubinterpreters.run_string, interpreter, "print(numbers)", NAMES)
    _xxsubinterpreters.destroy(interpreter)
