"""The ``__del__`` of an object stored in ``sys`` is called last, when even ``os`` is empty."""

import child
import report

report.result_of(
    child.run,
    """
import os, sys

class Finalizer:
    def __del__(self, write=os.write):
        write(1, f"called, os.write is {os.write}".encode())

sys.kept = Finalizer()
""",
)
