"""A thread can be started in an ``atexit`` callback, except on 3.12.0 to 3.12.2."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, threading

def start():
    thread = threading.Thread(target=print, args=("the thread runs",))
    thread.start()
    thread.join()

atexit.register(start)
""",
)
