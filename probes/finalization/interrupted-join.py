"""``SIGINT`` ends the wait for a non-daemon thread at exit; the ``atexit`` callbacks run."""

import child
import report

process = child.run(
    """
import atexit, os, signal, threading, time

def work():
    threading.main_thread().join()
    time.sleep(0.3)  # until it is waited for
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
    os.write(1, b"the thread ends")

atexit.register(os.write, 1, b"atexit")
threading.Thread(target=work).start()
"""
)
report.works(f"{process.stdout}, exit status {process.exit_status}")
