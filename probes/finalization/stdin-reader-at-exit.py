"""A daemon thread that waits in ``sys.stdin.buffer.readline()`` at exit aborts the process.

Its lock is that of the buffer; finalization drops ``sys.stdin``, which closes the buffer.
"""

import child
import report

process = child.run(
    """
import os, sys, threading, time

reader, writer = os.pipe()
os.dup2(reader, 0)

def read():
    started.set()
    sys.stdin.buffer.readline()

started = threading.Event()
threading.Thread(target=read, daemon=True).start()
started.wait()
time.sleep(0.2)  # until it waits for a line
"""
)
if process.crash:
    report.crashes(process.crash)
else:
    report.works(f"exit status {process.exit_status}")
