"""A lock that nobody holds can be taken in a late ``__del__``, on every version."""

import child
import report

report.result_of(
    child.run,
    """
import os, threading

class Finalizer:
    def __del__(self, locks=(threading.Lock(), threading.RLock()), write=os.write):
        write(1, str([lock.acquire() for lock in locks]).encode())

target = Finalizer()
""",
)
