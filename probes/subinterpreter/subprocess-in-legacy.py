"""``subprocess.run()`` works in a legacy interpreter."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import subprocess, sys

command = [sys.executable, "-c", "print('the program runs')"]
print(subprocess.run(command, stdout=subprocess.PIPE).stdout.decode())
""",
)
