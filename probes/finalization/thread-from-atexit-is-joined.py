"""A thread that an ``atexit`` callback has started is waited for from 3.15 on."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, os, threading, time

def work():
    time.sleep(1)
    os.write(1, b"the thread ends")

atexit.register(lambda: threading.Thread(target=work).start())
os.write(1, b"__main__ ends\\n")
""",
)
