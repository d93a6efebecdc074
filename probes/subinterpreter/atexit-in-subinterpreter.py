"""``atexit`` callbacks of a subinterpreter run when it is closed, last registered first.

In legacy and isolated interpreters alike.
"""

import subinterpreter
from kinds import result_of_each


def close(isolated):
    interpreter = subinterpreter.Interpreter(isolated=isolated)
    before = interpreter.run(
        """
import atexit

atexit.register(print, "the first")
atexit.register(print, "the last")
"""
    )
    return before + interpreter.close()


result_of_each(close)
