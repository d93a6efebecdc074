"""A daemon thread in ``input()`` that reads a pipe at exit aborts the process in older releases."""

import child
import report

process = child.run(
    """
import os, threading, time

reader, writer = os.pipe()
os.dup2(reader, 0)

def read():
    started.set()
    input()

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
