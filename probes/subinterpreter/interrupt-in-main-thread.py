"""Ctrl+C waits while a subinterpreter runs in the main thread; the caller gets it afterwards.

The signal is sent by the code that runs there. A sleep does not end early, either.
"""

import signal

import report
from subinterpreter import Interpreter

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
interpreter = Interpreter()
caller = "nothing"
try:
    interpreter.run(
        """
import os, signal, time

os.kill(os.getpid(), signal.SIGINT)
started = time.monotonic()
time.sleep(0.2)
print("slept to its end" if time.monotonic() - started >= 0.2 else "woke up")
"""
    )
except KeyboardInterrupt as error:
    caller = type(error).__name__
report.works(f"subinterpreter: {interpreter.close().strip()}, caller: {caller}")
