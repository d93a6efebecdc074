"""An exception in the ``__del__`` of an object stored in ``sys`` is not shown: stderr is gone."""

import child
import report

process = child.run(
    """
import sys

class Finalizer:
    def __del__(self):
        raise ValueError("x")

sys.kept = Finalizer()
"""
)
report.works(", ".join(process.stderr.splitlines()) or "no message")
