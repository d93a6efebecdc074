"""``subprocess.run()`` works in a late ``__del__``, unless ``preexec_fn`` is given."""

import child
import report

report.result_of(
    child.run,
    """
import os, subprocess, sys

class Finalizer:
    def __del__(self, command=(sys.executable, "-c", "pass"), run=subprocess.run):
        status = run(command).returncode
        os.write(1, f"exit status {status}".encode())

target = Finalizer()
""",
)
