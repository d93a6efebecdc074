"""A lock of ``multiprocessing`` is reported as leaked if the process ends without finalization."""

import child
import report

process = child.run(
    """
import multiprocessing, os

lock = multiprocessing.get_context("spawn").Lock()
os._exit(0)
"""
)
warned = "leaked semaphore objects to clean up at shutdown" in process.stderr
report.works("leaked semaphore objects" if warned else "no warning")
