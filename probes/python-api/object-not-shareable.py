"""An object that can be neither shared nor pickled does not cross to another interpreter.

:since: 3.14
"""

import threading
from concurrent import interpreters

import report

queue = interpreters.create_queue()
report.result_of(queue.put, threading.Lock())
