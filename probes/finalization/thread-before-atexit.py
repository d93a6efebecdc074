"""Finalization joins the non-daemon threads before it runs the ``atexit`` callbacks."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, threading

def work():
    threading.main_thread().join()  # until the last line of __main__ has run
    print("the thread ends", flush=True)

atexit.register(print, "atexit")
threading.Thread(target=work).start()
print("__main__ ends", flush=True)
""",
)
