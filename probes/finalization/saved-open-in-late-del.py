"""A function ``open`` kept as a default argument works in a late ``__del__`` from 3.10 on."""

import child
import report

report.result_of(
    child.run,
    """
import os

class Finalizer:
    def __del__(self, open=open):
        with open(os.devnull, "w") as file:
            file.write("text")
        os.write(1, b"the file is written")

target = Finalizer()
""",
)
