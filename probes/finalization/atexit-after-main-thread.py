"""A callback that a thread registers with ``atexit`` when the main thread has ended is called."""

from late_thread import report_late

report_late(
    """
import atexit
atexit.register(print, "called")
return "registered"
"""
)
