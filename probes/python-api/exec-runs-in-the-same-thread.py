"""``Interpreter.exec()`` runs the code in the calling thread, and the caller waits.

:since: 3.14
"""

import threading
from concurrent import interpreters

import report

interpreter = interpreters.create()
interpreter.exec("import threading")
inside = interpreter.call(eval, "threading.get_ident()")
interpreter.close()
report.works("the same thread" if inside == threading.get_ident() else "another thread")
