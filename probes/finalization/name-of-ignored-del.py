"""An exception in ``__del__`` is shown as "Exception ignored in", since 3.14 in other words."""

import child
import report

process = child.run(
    """
class Finalizer:
    def __del__(self):
        raise ValueError("x")

target = Finalizer()
"""
)
report.works(process.stderr.partition(" <")[0])
