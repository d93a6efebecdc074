"""``subprocess.run()`` with ``close_fds=False`` works in an isolated interpreter.

From 3.9 to 3.11 that is the only way: it uses ``posix_spawn()``, if the program is a path.
"""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import subprocess, sys

command = [sys.executable, "-c", "pass"]
print("exit status", subprocess.run(command, close_fds=False).returncode)
""",
    isolated=True,
)
