"""What Python code can see of finalization, in the order in which it happens.

Run it as a script: the last event comes from the destruction of the module ``__main__``. Each
line shows sys.is_finalizing(), how full sys.modules is, and the event.
"""

import atexit
import os
import sys
import threading
import weakref


def report(event, write=os.write, finalizing=sys.is_finalizing, modules=sys.modules):
    # The defaults keep what the function needs: at the end the globals may be gone.
    fill = "full" if len(modules) > 10 else len(modules)
    write(1, f"{finalizing()!s:10}  {fill!s:7}  {event}\n".encode())


class Stream:
    """Stands in for sys.stdout, to show when it is flushed."""

    def write(self, text):
        return len(text)

    def flush(self):
        report("sys.stdout.flush()")


class Finalizer:
    def __init__(self, name):
        self.name = name

    def __del__(self, report=report):
        report(f"__del__ of {self.name}")


def work():
    threading.main_thread().join()
    report("a non-daemon thread ends")


os.write(1, b"finalizing  modules  event\n")

atexit.register(report, "atexit callback registered first")
target = Finalizer("a global of __main__")
weakref.finalize(target, report, "weakref.finalize callback")
atexit.register(report, "atexit callback registered last")

cycle = Finalizer("an object in a reference cycle")
cycle.itself = cycle
del cycle

threading.Thread(target=work).start()
sys.stdout = Stream()
report("last line of __main__")
