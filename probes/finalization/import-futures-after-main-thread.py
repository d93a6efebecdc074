"""Once the main thread has ended, the first import of thread pools fails, from 3.9 on."""

from late_thread import report_late

report_late(
    """
import concurrent.futures.thread
return "imported"
"""
)
