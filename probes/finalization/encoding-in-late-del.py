"""An encoding that was not used before is not found in a late ``__del__``."""

import child
import report

report.result_of(
    child.run,
    """
import os

class Finalizer:
    def __del__(self, write=os.write):
        write(1, "name".encode("idna"))

target = Finalizer()
""",
)
