"""``atexit`` callbacks of a subinterpreter run when it is closed, last registered first."""

import report
import subinterpreter

with subinterpreter.Interpreter() as interpreter:
    interpreter.run(
        """
import atexit

atexit.register(print, "the first")
atexit.register(print, "the last")
"""
    )
    report.result_of(interpreter.close)
