"""``subprocess.run()`` works in an isolated interpreter from 3.12 on, and raises before."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import subprocess, sys

command = [sys.executable, "-c", "print('the program runs')"]
print(subprocess.run(command, stdout=subprocess.PIPE).stdout.decode())
""",
    isolated=True,
)
