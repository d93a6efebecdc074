"""An exception in an ``atexit`` callback stops no other, and the exit status stays 0."""

import child
import report

process = child.run(
    """
import atexit

atexit.register(print, "the other is called")
atexit.register(lambda: 1 / 0)
"""
)
assert "ZeroDivisionError" in process.stderr
report.works(f"{process.stdout.strip()}, exit status {process.exit_status}")
