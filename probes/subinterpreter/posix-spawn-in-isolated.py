"""``os.posix_spawn()`` works in an isolated interpreter."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import os, sys

pid = os.posix_spawn(sys.executable, [sys.executable, "-c", "pass"], {})
print("exit status", os.waitpid(pid, 0)[1])
""",
    isolated=True,
)
