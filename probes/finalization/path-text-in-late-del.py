"""``Path.write_text()`` fails in a late ``__del__`` on 3.8 and 3.9."""

import child
import report

report.result_of(
    child.run,
    """
import os, pathlib

class Finalizer:
    def __del__(self, path=pathlib.Path("late.txt"), write=os.write):
        write(1, str(path.write_text("text")).encode())

target = Finalizer()
""",
)
