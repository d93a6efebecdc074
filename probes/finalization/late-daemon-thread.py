"""A daemon thread that asks for the GIL during finalization ends; since 3.13.8, it hangs.

The ``__del__`` of a global wakes the thread up and looks whether it is still there (on Linux).
"""

import child
import report

process = child.run(
    """
import os, threading, time

def threads():
    return len(os.listdir("/proc/self/task"))

class Finalizer:
    def __del__(self, write=os.write, sleep=time.sleep, threads=threads):
        write(pipe[1], b"wake up")
        for _ in range(100):
            if threads() == 1:
                break
            sleep(0.02)
        write(1, b"the thread ends" if threads() == 1 else b"hangs")

pipe = os.pipe()
target = Finalizer()
threading.Thread(target=os.read, args=(pipe[0], 100), daemon=True).start()
"""
)
if process.stdout == "hangs":
    report.hangs("the thread")
else:
    report.ending(process)
