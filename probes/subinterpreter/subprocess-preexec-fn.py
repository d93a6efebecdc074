"""``subprocess`` with ``preexec_fn`` raises :py:exc:`RuntimeError` in any subinterpreter."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import subprocess, sys

command = [sys.executable, "-c", "pass"]
print("exit status", subprocess.run(command, preexec_fn=int).returncode)
""",
)
