"""An import in a late ``__del__`` raises :py:exc:`ImportError`."""

import child
import report

report.result_of(
    child.run,
    """
import os

class Finalizer:
    def __del__(self, write=os.write):
        import json
        write(1, b"imported")

target = Finalizer()
""",
)
