"""``Event.wait()`` with a timeout in a late ``__del__`` returns False; from 3.15 on, it raises."""

import child
import report

report.result_of(
    child.run,
    """
import os, threading

class Finalizer:
    def __del__(self, event=threading.Event(), write=os.write):
        write(1, str(event.wait(0.1)).encode())

target = Finalizer()
""",
    timeout=5,
)
