"""``queue.SimpleQueue.get()`` on an empty queue in a late ``__del__`` hangs on every version."""

import child
import report

report.result_of(
    child.run,
    """
import os, queue

class Finalizer:
    def __del__(self, queue=queue.SimpleQueue(), write=os.write):
        write(1, str(queue.get()).encode())

target = Finalizer()
""",
    timeout=3,
)
