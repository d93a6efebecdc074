"""The private module ``_interpqueues`` of 3.13.0 imports its exceptions from ``test.support``.

:since: 3.13
"""

import sys

import _interpqueues as queues
import report

# As where the tests of the standard library are not installed.
sys.modules["test"] = sys.modules["test.support"] = None
arguments = (0, 0, 1) if sys.version_info < (3, 14) else (0, 1)
try:
    queues.get(queues.create(*arguments))
except Exception as error:
    report.say("raises", type(error).__name__)
