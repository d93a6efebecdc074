"""Waiting for a taken lock with a timeout in a late ``__del__`` ends; from 3.15 on, it raises."""

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
        write(1, str(lock.acquire(timeout=0.1)).encode())

target = Finalizer()
""",
    timeout=5,
)
