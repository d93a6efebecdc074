"""``os.fork()`` in an isolated interpreter raises :py:exc:`RuntimeError`."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import os

if os.fork() == 0:
    os._exit(0)
print("the process forks")
""",
    isolated=True,
)
