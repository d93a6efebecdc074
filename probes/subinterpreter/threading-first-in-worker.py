"""Closing an interpreter hangs if a thread that is gone was first to import ``threading`` there.

So it is from 3.9 to 3.12: ``threading`` takes that thread for the main thread of the interpreter,
and the end waits for it.
"""

import child
import report

PROGRAM = """
import threading
from subinterpreter import Interpreter

interpreter = Interpreter()
worker = threading.Thread(target=interpreter.run, args=("import threading",))
worker.start()
worker.join()
interpreter.close()
print("closed")
"""

report.result_of(child.run, PROGRAM, timeout=2)
