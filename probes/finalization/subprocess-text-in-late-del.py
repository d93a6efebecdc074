"""``subprocess.run()`` with ``text=True`` fails in a late ``__del__`` on 3.8 and 3.9."""

import child
import report

report.result_of(
    child.run,
    """
import os, subprocess

class Finalizer:
    def __del__(self, run=subprocess.run):
        shown = run(["/bin/echo", "text"], stdout=subprocess.PIPE, text=True).stdout
        os.write(1, shown.strip().encode())

target = Finalizer()
""",
)
