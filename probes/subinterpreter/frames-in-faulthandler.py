"""``faulthandler`` called in the main interpreter shows no frame of a subinterpreter.

Each thread is shown with its frames in the main interpreter, up to the call.
"""

import faulthandler
import os
import tempfile
import threading

import report
from subinterpreter import Interpreter

SOURCE = """
import os

def inside():
    os.write({started}, b"x")
    os.read({reading}, 1)

inside()
"""

reading, writing = os.pipe()
waiting, started = os.pipe()
interpreter = Interpreter()


def work() -> None:
    interpreter.run(SOURCE.format(started=started, reading=reading))


thread = threading.Thread(target=work)
thread.start()
os.read(waiting, 1)
with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback(file, all_threads=True)
    file.seek(0)
    text = file.read()
os.write(writing, b"x")
thread.join()
interpreter.close()
report.works(f"the caller: {'in work' in text}, the subinterpreter: {'in inside' in text}")
