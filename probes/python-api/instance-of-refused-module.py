"""An argument whose module the other interpreter refuses to import cannot cross.

:since: 3.14
"""

from concurrent import interpreters

import report

try:
    from _curses import error
except ImportError:
    report.absent("no module _curses")
else:
    interpreter = interpreters.create()
    report.result_of(interpreter.call, repr, error("x"))
