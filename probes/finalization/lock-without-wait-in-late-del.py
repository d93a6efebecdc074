"""To ask for a taken lock without waiting gives False in a late ``__del__``, on every version."""

import child
import report

report.result_of(
    child.run,
    """
import os, threading

lock = threading.Lock()
lock.acquire()

class Finalizer:
    def __del__(self, lock=lock, write=os.write):
        write(1, str(lock.acquire(False)).encode())

target = Finalizer()
""",
    timeout=5,
)
