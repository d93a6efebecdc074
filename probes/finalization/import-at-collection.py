"""In a ``__del__`` that the first collection at exit calls, an import still works."""

import child
import report

report.result_of(
    child.run,
    """
import sys

class Finalizer:
    def __del__(self):
        import json
        print("finalizing:", sys.is_finalizing(), json.dumps([1]))

loop = Finalizer()
loop.itself = loop
del loop
""",
)
