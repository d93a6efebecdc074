"""``queue.Queue.get()`` on an empty queue in a late ``__del__`` hangs up to 3.14; 3.15 raises."""

import child
import report

report.result_of(
    child.run,
    """
import os, queue

class Finalizer:
    def __del__(self, queue=queue.Queue(), write=os.write):
        write(1, str(queue.get()).encode())

target = Finalizer()
""",
    timeout=3,
)
