"""``print()`` does nothing in the ``__del__`` of an object stored in ``sys``; nor does it raise."""

import child
import report

process = child.run(
    """
import sys

class Finalizer:
    def __del__(self):
        print("printed")

sys.kept = Finalizer()
"""
)
assert process.status == 0
report.works(process.stdout.strip() or process.exception or "nothing is printed")
