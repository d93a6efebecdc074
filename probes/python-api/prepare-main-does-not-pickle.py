"""``prepare_main()`` refuses what can cross to another interpreter by pickle only.

:since: 3.14
"""

from concurrent import interpreters

import report

interpreter = interpreters.create()
assert interpreter.call(len, [1, 2]) == 2  # by pickle
report.result_of(interpreter.prepare_main, numbers=[1, 2])
interpreter.close()
