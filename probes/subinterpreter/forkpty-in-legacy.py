"""``os.forkpty()`` in a legacy interpreter raises :py:exc:`RuntimeError`.

It still has the test that ``os.fork()`` had in 3.8.
"""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import os

if os.forkpty()[0] == 0:
    os._exit(0)
print("the process forks")
""",
)
