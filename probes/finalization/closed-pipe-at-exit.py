"""If nobody reads ``sys.stdout`` any more, a BrokenPipeError is printed at exit; status 120."""

import child
import report

process = child.run(
    """
import os

reading, writing = os.pipe()
os.close(reading)
os.dup2(writing, 1)
print("some text")
"""
)
lines = process.stderr.splitlines()
report.works(f"{lines[-1]}, exit status {process.exit_status}")
