"""Up to 3.11, a legacy interpreter with a running thread cannot be used or closed from Python.

It can when the thread has ended.

:series: 3.8 3.9 3.10 3.11
"""

import time

import report
from left_thread import Left

left = Left(isolated=False)
refused = []
for name, ask in ("run", lambda: left.interpreter.run("pass")), ("close", left.interpreter.close):
    try:
        ask()
    except RuntimeError:
        refused.append(name)

left.let_go()
while True:
    try:
        left.interpreter.run("print('run')")
        left.interpreter.close()
        break
    except RuntimeError:
        time.sleep(0.01)  # the thread has not ended yet
report.works(f"refused: {' and '.join(refused)}; later both work")
