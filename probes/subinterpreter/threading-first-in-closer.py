"""Closing an interpreter works if the thread that closes it has imported ``threading`` there first.

Another thread may use it in between.
"""

import child
import report

PROGRAM = """
import threading
from subinterpreter import Interpreter

interpreter = Interpreter()
interpreter.run("import threading")
worker = threading.Thread(target=interpreter.run, args=("import threading, logging",))
worker.start()
worker.join()
interpreter.close()
print("closed")
"""

report.result_of(child.run, PROGRAM, timeout=2)
