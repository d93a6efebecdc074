"""``os.fork()`` works in an ``atexit`` callback, except on 3.12.0 to 3.12.2."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, os

def fork():
    pid = os.fork()
    if pid == 0:
        os.write(1, b"the forked process runs")
        os._exit(0)
    os.waitpid(pid, 0)

atexit.register(fork)
""",
)
