"""The private ``threading._register_atexit()`` calls back before the threads are joined."""

import threading

import child
import report

if hasattr(threading, "_register_atexit"):
    report.result_of(
        child.run,
        """
import threading

go = threading.Event()

def work():
    go.wait()
    print("the thread ends")

def call_back():
    print("the callback runs")
    go.set()

threading._register_atexit(call_back)
threading.Thread(target=work).start()
""",
    )
else:
    report.absent("no threading._register_atexit")
