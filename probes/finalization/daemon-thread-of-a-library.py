"""A daemon thread that runs a function of another module does not keep ``__main__`` alive."""

import child
import report

report.result_of(
    child.run,
    """
import os, threading, time

class Finalizer:
    def __del__(self, write=os.write):
        write(1, b"__del__ is called")

target = Finalizer()
threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
""",
)
