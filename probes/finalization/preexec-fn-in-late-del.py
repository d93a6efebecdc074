"""``subprocess.run()`` with ``preexec_fn`` in a late ``__del__`` works on 3.10 and 3.11 only."""

import child
import report

report.result_of(
    child.run,
    """
import os, subprocess, sys

class Finalizer:
    def __del__(self, command=(sys.executable, "-c", "pass"), run=subprocess.run):
        status = run(command, preexec_fn=int).returncode
        os.write(1, f"exit status {status}".encode())

target = Finalizer()
""",
)
