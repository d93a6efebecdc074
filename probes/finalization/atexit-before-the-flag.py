"""``sys.is_finalizing()`` is false in an ``atexit`` callback and true in a late ``__del__``."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, os, sys

def tell(where, write=os.write, is_finalizing=sys.is_finalizing):
    write(1, f"{where}: {is_finalizing()}\\n".encode())

class Finalizer:
    def __del__(self, tell=tell):
        tell("__del__")

target = Finalizer()
atexit.register(tell, "atexit")
""",
)
