"""``Interpreter.exec()`` raises ``ExecutionFailed`` when the code raises an exception.

:since: 3.14
"""

from concurrent import interpreters

import report

interpreter = interpreters.create()
report.result_of(interpreter.exec, "1 / 0")
interpreter.close()
