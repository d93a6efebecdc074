"""If ``sys.stdout`` cannot be flushed at exit, ``python`` ends with exit status 120 in any case."""

import child
import report

PROGRAM = """
import os, sys

os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
print("some text")
END
"""


def status(end):
    return child.run(PROGRAM.replace("END", end)).exit_status


normal, after_exit, after_exception = map(status, ("pass", "sys.exit(3)", "1 / 0"))
report.works(f"exit status {normal}; exit(3): {after_exit}; exception: {after_exception}")
