"""Starting a thread in a late ``__del__`` hangs up to 3.11 and raises from 3.12 on.

``Thread.start()`` waits for a thread that cannot take the GIL any more.
"""

import child
import report

report.result_of(
    child.run,
    """
import os, threading

class Finalizer:
    def __del__(self, write=os.write, Thread=threading.Thread):
        Thread(target=int).start()
        write(1, b"the thread starts")

target = Finalizer()
""",
    timeout=5,
)
