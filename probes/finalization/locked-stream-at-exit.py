"""A daemon thread that holds the lock of ``sys.stdout`` or ``sys.stderr`` at exit is fatal.

Finalization wants to flush both streams, and waits one second for the lock of a buffer.
"""

import child
import report

PROGRAM = """
import atexit, io, sys, threading, time

class SlowDevice(io.RawIOBase):
    name = "<STREAM>"

    def writable(self):
        return True

    def write(self, data):
        writing.set()
        time.sleep(100)

def write():
    at_exit.wait()
    sys.STREAM.buffer.write(b"x" * 1_000_000)

at_exit = threading.Event()
writing = threading.Event()
sys.STREAM = io.TextIOWrapper(io.BufferedWriter(SlowDevice()))
threading.Thread(target=write, daemon=True).start()
atexit.register(lambda: (at_exit.set(), writing.wait()))
"""


def crash(stream):
    return child.run(PROGRAM.replace("STREAM", stream)).crash


first = crash("stdout")
second = crash("stderr")
if first.replace("<stdout>", "<stderr>") != second:
    raise ValueError(f"the streams differ: {first!r}, {second!r}")
if first:
    report.crashes(f"{first}; the same with <stderr>")
else:
    report.works("the process ends")
