"""``os.fork()`` in a late ``__del__`` works up to 3.11 and raises from 3.12 on."""

import child
import report

report.result_of(
    child.run,
    """
import os

class Finalizer:
    def __del__(self, os=os):
        pid = os.fork()
        if pid == 0:
            os.write(1, b"the forked process runs")
            os._exit(0)
        os.waitpid(pid, 0)

target = Finalizer()
""",
)
