"""``sys.exit()`` in an ``atexit`` callback does not change the exit status."""

import child
import report

process = child.run(
    """
import atexit, sys

atexit.register(print, "the other is called")
atexit.register(sys.exit, 3)
"""
)
report.works(f"{process.stdout.strip()}, exit status {process.exit_status}")
