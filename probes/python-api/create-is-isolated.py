"""``concurrent.interpreters.create()`` makes isolated interpreters: ``os.fork()`` is refused.

:since: 3.14
"""

from concurrent import interpreters

import report

interpreter = interpreters.create()
report.result_of(interpreter.exec, "import os; os.fork() or os._exit(0)")
interpreter.close()
