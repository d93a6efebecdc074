"""A daemon thread that holds the lock of ``sys.stdout`` at exit causes a fatal error.

Finalization wants to flush the stream and waits one second for the lock of its buffer.
"""

import child
import report

report.result_of(
    child.run,
    """
import atexit, io, sys, threading, time

class SlowDevice(io.RawIOBase):
    name = "<stdout>"

    def writable(self):
        return True

    def write(self, data):
        writing.set()
        time.sleep(100)

def write():
    at_exit.wait()
    sys.stdout.buffer.write(b"x" * 1_000_000)

at_exit = threading.Event()
writing = threading.Event()
sys.stdout = io.TextIOWrapper(io.BufferedWriter(SlowDevice()))
threading.Thread(target=write, daemon=True).start()
atexit.register(lambda: (at_exit.set(), writing.wait()))
""",
)
