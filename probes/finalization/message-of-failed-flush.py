"""The line above the exception of a failed last flush differs between versions."""

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
line = process.stderr.splitlines()[0]
report.works(line.partition(" mode=")[0])
