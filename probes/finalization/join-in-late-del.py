"""``Thread.join()`` on a blocked daemon thread in a late ``__del__`` hangs, returns or raises.

It hangs on 3.8 and 3.13, returns although the thread has not ended on 3.9 to 3.12, and raises
:py:exc:`PythonFinalizationError` from 3.14 on.
"""

import child
import report

report.result_of(
    child.run,
    """
import os, threading, time

class Finalizer:
    def __del__(self, write=os.write):
        thread.join()
        write(1, b"join() returns")

target = Finalizer()
thread = threading.Thread(target=time.sleep, args=(100,), daemon=True)
thread.start()
""",
    timeout=5,
)
