"""A trace function sees the code of its own interpreter only, even within one thread.

So a debugger or a tool that measures coverage has to be started in each.
"""

import sys
import threading

import report
from subinterpreter import Interpreter

calls = []


def trace(frame, event, argument):  # type: ignore[no-untyped-def]
    calls.append(frame.f_code.co_name)


interpreter = Interpreter()
threading.settrace(trace)
sys.settrace(trace)
interpreter.run("def inside(): pass\ninside()")
sys.settrace(None)
threading.settrace(None)  # type: ignore[arg-type]
own = interpreter.run(
    """
import sys

calls = []
sys.settrace(lambda frame, event, argument: calls.append(frame.f_code.co_name))
inside()
sys.settrace(None)
print("inside" in calls)
"""
)
interpreter.close()
report.works(f"that of main: {'inside' in calls}, one set there: {own.strip()}")
