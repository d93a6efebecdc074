"""An exception that the main interpreter sets in a thread does not reach its subinterpreter.

``PyThreadState_SetAsyncExc()`` finds the thread state that the thread has in the main interpreter.
The exception comes when the thread is back there.
"""

import ctypes
import os
import threading

import report
from subinterpreter import Interpreter

SOURCE = """
import os

os.write({started}, b"x")
os.read({reading}, 1)
for number in range(10000):
    pass
print("ran to its end")
"""

set_exception = ctypes.pythonapi.PyThreadState_SetAsyncExc
set_exception.argtypes = [ctypes.c_ulong, ctypes.py_object]

reading, writing = os.pipe()
waiting, started = os.pipe()
interpreter = Interpreter()
seen = []


def work() -> None:
    try:
        interpreter.run(SOURCE.format(started=started, reading=reading))
        for _ in range(10000):
            pass
    except KeyboardInterrupt as error:
        seen.append(type(error).__name__)


thread = threading.Thread(target=work)
thread.start()
os.read(waiting, 1)
found = set_exception(thread.ident, KeyboardInterrupt)
os.write(writing, b"x")
thread.join()
printed = interpreter.close().strip()
report.works(f"found: {found}, inside: {printed}, then: {', '.join(seen)}")
