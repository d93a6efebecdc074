"""The timeout of a queue between interpreters is cut to whole seconds.

The clock is one that moves only by what a waiting ``get()`` sleeps.

:since: 3.14
"""

import time
from concurrent import interpreters

import report

now = 0.0


def sleep(seconds):
    global now
    now += seconds


queue = interpreters.create_queue()
time.time = time.monotonic = lambda: now
time.sleep = sleep
waited = []
for timeout in (0.5, 1.9):
    begin = now
    try:
        queue.get(timeout=timeout)
    except interpreters.QueueEmpty:
        waited.append(f"{timeout}: {now - begin:.1f} s")
report.works(", ".join(waited))
