"""At the end of a subinterpreter a wait for a taken lock lasts until its timeout, also on 3.15."""

import report
from subinterpreter import Interpreter

interpreter = Interpreter()
interpreter.run(
    """
import os, sys, threading

lock = threading.Lock()
lock.acquire()

class Finalizer:
    def __del__(self, lock=lock, write=os.write, fileno=sys.stdout.fileno()):
        try:
            answer = str(lock.acquire(timeout=0.2))
        except Exception as error:
            answer = repr(error)
        write(fileno, answer.encode())

target = Finalizer()
"""
)
report.works(interpreter.close() or "the method is not called")
