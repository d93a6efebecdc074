"""``subprocess.run()`` of a program without a path fails in a late ``__del__``.

To search ``PATH``, the module imports another one.
"""

import child
import report

report.result_of(
    child.run,
    """
import os, subprocess

class Finalizer:
    def __del__(self, run=subprocess.run):
        status = run(["true"]).returncode
        os.write(1, f"exit status {status}".encode())

target = Finalizer()
""",
)
