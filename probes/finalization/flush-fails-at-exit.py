"""If ``sys.stdout`` cannot be flushed at exit, ``python`` ends with exit status 120."""

import child
import report

process = child.run(
    """
import os, sys

os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
print("some text")
"""
)
report.works(f"exit status {process.exit_status}")
