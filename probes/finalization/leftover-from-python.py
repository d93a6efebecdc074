"""A subinterpreter left open by Python code is closed at exit: its ``atexit`` callback runs.

From 3.12 on, the ``__del__`` of one of its globals is called, too.
"""

import child
import report

process = child.run(
    """
import subinterpreter

interpreter = subinterpreter.Interpreter()
interpreter.run('''
import atexit, os

class Finalizer:
    def __del__(self, write=os.write):
        write(1, b"__del__\\\\n")

target = Finalizer()
atexit.register(os.write, 1, b"atexit\\\\n")
''')
"""
)
report.ending(process)
