"""A daemon thread that runs a function of ``__main__`` keeps every global alive: no ``__del__``.

Nor is the ``__del__`` of its local variables called.
"""

import child
import report

process = child.run(
    """
import os, threading, time

class Finalizer:
    def __del__(self, write=os.write):
        write(1, b"called")

def work():
    local = Finalizer()
    started.set()
    time.sleep(100)

started = threading.Event()
target = Finalizer()
threading.Thread(target=work, daemon=True).start()
started.wait()
"""
)
assert process.status == 0
report.works(f"__del__ is {process.stdout or 'not called'}")
