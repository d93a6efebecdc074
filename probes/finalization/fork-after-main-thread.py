"""A thread that outlives the main thread can fork the process, except on 3.12.0 to 3.12.2."""

from late_thread import report_late

report_late(
    """
import os
child = os.fork()
if child == 0:
    os._exit(0)
return "exit status " + str(os.waitpid(child, 0)[1])
"""
)
