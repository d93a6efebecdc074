"""A thread that still runs when Python closes a legacy interpreter is waited for from 3.12 on.

Up to 3.11, closing raises, and the interpreter stays open.
"""

import os

import report
from left_thread import Left

left = Left(isolated=False)
report.result_of(left.interpreter.close)
os._exit(0)  # up to 3.11 the process would not end well: see the probe thread-left-at-exit
