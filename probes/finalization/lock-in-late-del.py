"""Waiting for a taken lock in a late ``__del__`` hangs up to 3.14, and raises from 3.15 on."""

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
        write(1, str(lock.acquire()).encode())

target = Finalizer()
""",
    timeout=3,
)
