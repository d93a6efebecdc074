"""``Interpreter.call()`` passes copies: the callee changes a list, the caller's stays.

:since: 3.14
"""

from concurrent import interpreters

import report


def extend(numbers):
    numbers.append(3)
    return numbers


numbers = [1, 2]
interpreter = interpreters.create()
result = interpreter.call(extend, numbers)
interpreter.close()
report.works(f"{result} there, {numbers} here")
