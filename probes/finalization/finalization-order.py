"""Finalization ends threads, calls back, flushes, collects garbage and destroys the modules."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, os, sys, threading

def tell(event, write=os.write):
    write(1, (event + "\\n").encode())

class Stream:
    def write(self, text):
        return len(text)

    def flush(self, tell=tell):
        if sys.is_finalizing():
            tell("flush")

class Finalizer:
    def __init__(self, name):
        self.name = name

    def __del__(self, tell=tell):
        tell(self.name)

a_global = Finalizer("global")
cycle = Finalizer("cycle")
cycle.itself = cycle
del cycle
atexit.register(tell, "atexit")
threading.Thread(target=lambda: (threading.main_thread().join(), tell("thread"))).start()
sys.stdout = Stream()
""",
)
