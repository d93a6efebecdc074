"""``subprocess.run()`` with ``close_fds=False`` works in every kind of subinterpreter.

From 3.9 to 3.11 that is the only way in an isolated one: it uses ``posix_spawn()``, if the program
is a path.
"""

import subinterpreter
from kinds import result_of_each

result_of_each(
    subinterpreter.run,
    """
import subprocess, sys

command = [sys.executable, "-c", "pass"]
print("exit status", subprocess.run(command, close_fds=False).returncode)
""",
)
