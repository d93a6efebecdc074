"""Closing a legacy interpreter with a running daemon thread from Python fails up to 3.14.0.

Up to 3.11 it raises; then it is a fatal error. Later, the thread is left behind.
"""

import os

import report
from subinterpreter import Interpreter

interpreter = Interpreter()
interpreter.run(
    """
import os, threading

threading.Thread(target=os.read, args=(os.pipe()[0], 1), daemon=True).start()
"""
)
report.result_of(lambda: interpreter.close() or "closed")
os._exit(0)  # up to 3.11 the process would not end well
