"""A thread of the subinterpreter itself can set an exception in the thread that runs code there.

So code can limit its own time.
"""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import ctypes, threading, time

set_exception = ctypes.pythonapi.PyThreadState_SetAsyncExc
set_exception.argtypes = [ctypes.c_ulong, ctypes.py_object]

def spin():
    end = time.monotonic() + 5
    while time.monotonic() < end:
        pass

threading.Timer(0.1, set_exception, (threading.get_ident(), TimeoutError)).start()
try:
    spin()
    print("the loop ran to its end")
except TimeoutError:
    print("the loop was stopped")
""",
)
