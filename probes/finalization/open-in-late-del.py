"""The name ``open`` is gone from the builtins in a late ``__del__``."""

import child
import report

report.result_of(
    child.run,
    """
import os

class Finalizer:
    def __del__(self):
        with open(os.devnull, "w") as file:
            file.write("text")
        os.write(1, b"the file is written")

target = Finalizer()
""",
)
