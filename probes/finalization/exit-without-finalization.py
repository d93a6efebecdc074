"""``os._exit()``, ``os.abort()``, ``os.execv()`` and ``SIGTERM`` skip the ``atexit`` callbacks."""

import child
import report

PROGRAM = """
import atexit, os, signal, sys

atexit.register(print, "called")
{}
"""
ENDS = [
    "os._exit(0)",
    "os.abort()",
    "os.execv(sys.executable, [sys.executable, '-c', 'pass'])",
    "os.kill(os.getpid(), signal.SIGTERM)",
]

called = sum("called" in child.run(PROGRAM.format(end)).stdout for end in ENDS)
report.works(f"{called} of {len(ENDS)} callbacks called")
