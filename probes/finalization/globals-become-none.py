"""If something keeps the module object alive, finalization sets its names to ``None`` by hand."""

import child
import report

report.result_of(
    child.run,
    """
import os, sys

class Finalizer:
    def __del__(self, write=os.write):
        write(1, f"other: {other}\\n".encode())

other = "a global"
target = Finalizer()
sys.kept = sys.modules["__main__"]
""",
)
