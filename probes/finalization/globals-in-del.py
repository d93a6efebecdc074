"""A ``__del__`` called when ``__main__`` goes still finds the other globals of ``__main__``."""

import child
import report

report.result_of(
    child.run,
    """
import os

class Finalizer:
    def __del__(self):
        os.write(1, f"other: {other}\\n".encode())

target = Finalizer()
other = "a global"
""",
)
